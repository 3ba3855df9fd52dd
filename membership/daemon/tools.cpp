// What only the tools ask of the daemon: facts of the shell, log files opened again, statistics cleared.
#include "common/base/text.hpp"
#include "common/io/file.hpp"
#include "common/log/log.hpp"
#include "membership/daemon/daemon.hpp"

namespace relevo::membership {

ShellFacts Daemon::shell_facts() const {
  ShellFacts facts;
  for (const auto& trouble : {aside_, file_trouble_, store_.trouble()})
    if (!trouble.empty()) facts.troubles.push_back(trouble);
  facts.local_programs = sessions_->count();
  facts.programs = sessions_->facts();
  facts.ended_programs = sessions_->ended();
  for (const auto& program : facts.programs) {
    // Gone or another host's process: the name is only for people, so its absence is no error.
    const auto name = io::read_file(fmt::format("/proc/{}/comm", program.pid), 64);
    facts.names[program.client] = name ? std::string(trim(*name)) : std::string();
  }
  for (const auto& [link, socket] : sockets_) facts.dropped[link.value] = socket->dropped();
  return facts;
}

Result<std::string> Daemon::reopen_logs() {
  if (auto opened = log::init(log_config(setup_.config.logging, setup_.root)); !opened) return pass(opened.error());
  log::write(Level::notice, "log files were opened again");
  return "";
}

Result<std::string> Daemon::clear_statistics(const std::string& which) {
  auto now = statistics_map(stack_->status(), shell_facts());
  auto cleared = clear_part(cleared_, now, which);
  if (!cleared) return pass(cleared.error());
  cleared_ = std::move(*cleared);
  return "";
}

}  // namespace relevo::membership
