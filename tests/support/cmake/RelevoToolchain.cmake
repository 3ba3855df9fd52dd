# Compiler flags for every target: one warning set, ccache and mold where present.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2)
if(RELEVO_WERROR)
  add_compile_options(-Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own library's inlined code.
  add_compile_options(-Wno-error=maybe-uninitialized -Wno-error=restrict -Wno-error=array-bounds
    -Wno-error=stringop-overflow -Wno-error=dangling-pointer -Wno-error=free-nonheap-object)
endif()
if(RELEVO_SANITIZE)
  add_compile_options(-fsanitize=${RELEVO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RELEVO_SANITIZE})
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM AND NOT RELEVO_FUZZ)
  add_link_options(-fuse-ld=mold)
endif()
include_directories(${CMAKE_SOURCE_DIR})
