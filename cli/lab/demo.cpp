// placeholder
#include "cli/lab/lab.hpp"
namespace relevo::cli::lab {
int run_demo(const std::vector<std::string>&) { return 3; }
}
