// add and remove: the words, the edited text, the change on all nodes, and what is to be done next. See device.hpp.
#include "cli/quorum/device.hpp"

#include "cli/quorum/change.hpp"
#include "cli/quorum/edit.hpp"
#include "cli/quorum/words.hpp"
#include "cli/support/exit_codes.hpp"
#include "cli/support/options.hpp"
#include "cli/support/output.hpp"
#include "common/base/text.hpp"
#include "common/config/cluster_config.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::quorum {
namespace {

struct Common {
  std::string root;
  bool force = false;
};

void declare(Options& options, Common& common, const char* force) {
  options.value("--root", "DIR", "everything below this folder instead of /", common.root);
  options.flag("--force", force, common.force);
}

/// Without the daemon nobody hears of the change: two nodes with different files and the same version would not join.
int change(const Common& common, const ConfigFile& file, const std::string& text) {
  const auto done = change_everywhere(common.root, file, text);
  if (done) {
    print_line(*done);
    say("Nothing has to be restarted.");
    return exit_ok;
  }
  if (done.error().kind != ErrorKind::not_connected || !common.force)
    return print_error(done.error(), done.error().kind == ErrorKind::not_connected
                                         ? "do this on a node where the cluster runs: the change reaches all nodes from there. --force "
                                           "changes the file of this node only"
                                         : "");
  if (const auto here = change_here(file, text); !here) return print_error(here.error());
  say("{}: changed on this node only. Copy it to every other node before the cluster is started anywhere.", file.path);
  return exit_ok;
}

/// Without its token a node gets no vote, and the vote counts among the expected ones from now on.
Status check_token(const io::Root& root, const ConfigFile& file) {
  const auto token = root.config_dir() + "/arbiter.token";
  if (io::file_exists(token)) return {};
  const auto config = config::parse_cluster_config(file.text, file.path);
  return fail(ErrorKind::not_found,
              "{} is missing: run 'relevo-arbiter add-cluster {}' on the arbiter's host and copy the file it makes to every node, mode 0600 "
              "(--force adds the device without)",
              token, config ? config->totem.cluster_name : "CLUSTER");
}

}  // namespace

int device_add(const std::vector<std::string>& args) {
  Common common;
  Options options("relevo quorum device add [timeout=MS] [sync_timeout=MS] model net host=HOST [algorithm=ffsplit|lms] [port=N] [tie_breaker=WHO]",
                  "Gives the cluster an arbiter: in the configuration of all nodes of the ring at once, or of none.");
  declare(options, common, "also without the arbiter's token; where the cluster does not run, in this node's file only");
  std::vector<std::string> words;
  if (const auto ended = options.parse_or_end(args, words)) return *ended;
  const auto device = read_device_words(words);
  if (!device && device.error().kind == ErrorKind::invalid) return print_usage_error(device.error().message);
  if (!device) return print_error(device.error());
  const auto root = io::find_root(common.root);
  const auto file = read_config_file(root);
  if (!file) return print_error(file.error());
  const auto edited = add_device(file->text, *device);
  if (!edited) return print_error(edited.error());
  if (const auto token = check_token(root, *file); !token && !common.force) return print_error(token.error());
  const auto code = change(common, *file, edited->text);
  if (code != exit_ok) return code;
  if (!edited->removed.empty()) say("Taken out, because it does not go with an arbiter: {}", join(edited->removed, ", "));
  say("Every node needs {}/arbiter.token. 'relevo quorum device status' shows whether the arbiter answers and votes.", root.config_dir());
  return exit_ok;
}

int device_remove(const std::vector<std::string>& args) {
  Common common;
  Options options("relevo quorum device remove", "Takes the arbiter out of the configuration of all nodes of the ring at once, or of none.");
  declare(options, common, "where the cluster does not run, from this node's file only");
  if (const auto ended = options.words(0, 0).parse_or_end(args)) return *ended;
  const auto file = read_config_file(io::find_root(common.root));
  if (!file) return print_error(file.error());
  const auto edited = remove_device(file->text);
  if (!edited) return print_error(edited.error());
  const auto code = change(common, *file, edited->text);
  const auto config = config::parse_cluster_config(edited->text, file->path);
  if (code == exit_ok && config && config->nodes.size() == 2 && !config->quorum.two_node)
    say("Two nodes without an arbiter: the death of one now stops both. Only with fencing, set quorum.two_node: 1 in {} and run "
        "'relevo membership reload'.",
        file->path);
  return code;
}

}  // namespace relevo::cli::quorum
