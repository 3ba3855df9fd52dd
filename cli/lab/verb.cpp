// The common frame of the lab's verbs.
#include "cli/lab/verb.hpp"

#include <unistd.h>

#include "cli/lab/store.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/output.hpp"

namespace relevo::cli::lab {

Status check_rights() {
  if (::geteuid() == 0) return {};
  return fail(ErrorKind::permission,
              "a lab makes network and mount namespaces, which only root may here. Run it as root, or in a shell with "
              "namespaces of its own: unshare -Urmnpf --mount-proc sh -c 'mount -t tmpfs tmpfs /run && exec bash'");
}

Options lab_options(const VerbText& text, std::string& name) {
  Options options(text.usage, text.about);
  options.value("--name", "LAB", "which lab (default: lab)", name);
  return options;
}

int run_verb(const VerbText& text, std::size_t least, std::size_t most, const std::vector<std::string>& args,
             const std::function<Status(const Lab& lab, const std::vector<std::string>& words)>& work) {
  std::string name = "lab";
  auto options = lab_options(text, name);
  std::vector<std::string> words;
  if (const auto ended = options.words(least, most).parse_or_end(args, words)) return *ended;
  if (auto rights = check_rights(); !rights) return print_error(rights.error());
  const auto lab = load(name);
  if (!lab) return print_error(lab.error());
  if (auto done = work(*lab, words); !done) return print_error(done.error());
  return exit_ok;
}

}  // namespace relevo::cli::lab
