# Debian 12's packages; `make deps` installs them. Nothing is downloaded.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt 9 REQUIRED)
find_package(pugixml REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 REQUIRED)
find_package(BZip2 REQUIRED)  # pe-input files are packed with it
find_package(Catch2 2.13 REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(MNL REQUIRED IMPORTED_TARGET libmnl)
pkg_check_modules(NCURSESW REQUIRED IMPORTED_TARGET ncursesw)
pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
include(Catch)

# Boost's headers only: Asio needs no library of its own.
add_library(relevo_asio INTERFACE)
target_compile_definitions(relevo_asio INTERFACE BOOST_ASIO_NO_DEPRECATED)
target_link_libraries(relevo_asio INTERFACE Threads::Threads)
