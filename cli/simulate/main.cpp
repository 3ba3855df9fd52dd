// crm_simulate alone, for quick builds of what it needs: everything but -L, which is the multi-call binary's.
#include <exception>

#include "cli/simulate/simulate.hpp"

int main(int argc, char** argv) {
  const auto no_cluster = [](const std::string&) -> relevo::Result<std::string> {
    return relevo::fail(relevo::ErrorKind::not_connected, "this build of crm_simulate knows no running cluster: use 'relevo crm_simulate'");
  };
  try {
    return relevo::cli::simulate::run({argv + (argc > 0 ? 1 : 0), argv + argc}, no_cluster);
  } catch (const std::exception&) {
    return 70;
  }
}
