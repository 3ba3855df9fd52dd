# relevo_library(name PURE|SHELL SOURCES ... HEADERS ... DEPS ...)
#
# One folder, one static library called relevo_<name>, with the tests every room gets:
#   link.<name>    the whole archive linked into an empty main: an undeclared dependency fails
#   headers.<name> each header compiles alone
#   purity.<name>  (PURE) the archive asks the system for no clock, socket, file, thread or random source
# SOURCES and HEADERS may be left out: then all *.cpp and *.hpp of the folder are taken.
set(RELEVO_SUPPORT ${CMAKE_SOURCE_DIR}/tests/support)
add_custom_target(relevo_house)  # what the link and header tests need built

function(relevo_library name kind)
  cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPS" ${ARGN})
  if(NOT kind MATCHES "^(PURE|SHELL)$")
    message(FATAL_ERROR "relevo_library(${name}): second word must be PURE or SHELL, not '${kind}'")
  endif()
  if(NOT ARG_SOURCES)
    file(GLOB ARG_SOURCES CONFIGURE_DEPENDS *.cpp)
  endif()
  if(NOT ARG_HEADERS)
    file(GLOB ARG_HEADERS CONFIGURE_DEPENDS *.hpp)
  endif()
  set(lib relevo_${name})
  add_library(${lib} STATIC ${ARG_SOURCES})
  target_link_libraries(${lib} PUBLIC ${ARG_DEPS})
  set_target_properties(${lib} PROPERTIES LINKER_LANGUAGE CXX)

  add_executable(${lib}_linktest EXCLUDE_FROM_ALL ${RELEVO_SUPPORT}/empty_main.cpp)
  target_link_libraries(${lib}_linktest PRIVATE -Wl,--whole-archive $<TARGET_FILE:${lib}> -Wl,--no-whole-archive ${ARG_DEPS})
  add_dependencies(${lib}_linktest ${lib})
  set_target_properties(${lib}_linktest PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/house)
  add_dependencies(relevo_house ${lib}_linktest)
  add_test(NAME link.${name} COMMAND ${lib}_linktest)

  set(checks)
  foreach(header IN LISTS ARG_HEADERS)
    cmake_path(ABSOLUTE_PATH header BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE full)
    cmake_path(RELATIVE_PATH full BASE_DIRECTORY ${CMAKE_SOURCE_DIR} OUTPUT_VARIABLE rel)
    string(REPLACE "/" "_" flat ${rel})
    set(check ${CMAKE_BINARY_DIR}/house/headers/${flat}.cpp)
    if(NOT EXISTS ${check})
      file(WRITE ${check} "#include \"${rel}\"  // alone\n#include \"${rel}\"  // twice\n")
    endif()
    list(APPEND checks ${check})
  endforeach()
  if(checks)
    add_library(${lib}_headertest OBJECT EXCLUDE_FROM_ALL ${checks})
    target_link_libraries(${lib}_headertest PRIVATE ${ARG_DEPS})
    target_compile_options(${lib}_headertest PRIVATE -fsyntax-only -Wno-error=unused-function)
    set_target_properties(${lib}_headertest PROPERTIES CXX_COMPILER_LAUNCHER "")
    add_test(NAME headers.${name} COMMAND ${CMAKE_SOURCE_DIR}/tests/support/check_headers.sh
      ${CMAKE_BINARY_DIR} ${CMAKE_SOURCE_DIR} ${lib}_headertest)
  endif()

  if(kind STREQUAL PURE)
    add_test(NAME purity.${name} COMMAND ${RELEVO_SUPPORT}/check_purity.sh $<TARGET_FILE:${lib}>)
  endif()
  set_property(GLOBAL APPEND PROPERTY RELEVO_ROOMS ${name})
endfunction()

# relevo_test(name SOURCES ... DEPS ...): a Catch2 program, each case a test of its own name.
function(relevo_test name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES})
  target_link_libraries(test_${name} PRIVATE ${ARG_DEPS} Catch2::Catch2WithMain)
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE RELEVO_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}" RELEVO_SOURCE_DIR="${CMAKE_SOURCE_DIR}" RELEVO_BUILD_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND test_${name})
endfunction()

# relevo_fuzz(name SOURCES fuzz_x.cpp DEPS ...): a libFuzzer program under RELEVO_FUZZ (clang), and always
# a replay test of the corpus in tests/fuzz/corpus/<name>/.
function(relevo_fuzz name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  if(RELEVO_FUZZ)
    add_executable(fuzz_${name} ${ARG_SOURCES})
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_DEPS})
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  else()
    add_executable(fuzz_${name} ${ARG_SOURCES} ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cpp)
    target_link_libraries(fuzz_${name} PRIVATE ${ARG_DEPS})
    add_test(NAME fuzz.replay.${name} COMMAND fuzz_${name} ${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name})
  endif()
  set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
endfunction()
