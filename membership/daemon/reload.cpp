// The daemon's way through a change of the configuration: from the operator's word to the file on disk.
#include "membership/daemon/reload.hpp"

#include "common/base/text.hpp"
#include "common/io/file.hpp"
#include "common/log/log.hpp"
#include "membership/daemon/daemon.hpp"
#include "membership/reload/in_force.hpp"

namespace relevo::membership {

stack::SettingsPtr Daemon::settings() const {
  return std::make_shared<stack::Settings>(stack::Settings{setup_.config, setup_.addresses});
}

void Daemon::reload(Reply reply) {
  const auto refuse = [&](Error error) {
    log::write(Level::error, "reload: nothing was changed: {}", error.message);
    reply(tl::unexpected<Error>(std::move(error)));
  };
  if (!aside_.empty()) return refuse({fmt::format("this node is not in the cluster: {}; start relevo-membershipd anew", aside_), ErrorKind::not_connected});
  auto text = io::read_file(setup_.config_path, config::max_config_size);
  if (!text) return refuse(text.error());
  auto fresh = config::parse_cluster_config(*text, setup_.config_path);
  if (!fresh) return refuse(fresh.error());
  const auto difference = reload::compare(setup_.config, *fresh, setup_.self);
  if (!difference) return refuse(difference.error());
  if (difference->changed.empty()) {
    load_access();  // the folders uidgid.d are this host's own
    log::write(Level::notice, "reload: the file says what is in force by now");
    return reply(std::string("nothing to change: the file says what is in force by now"));
  }
  // A change has a version of its own, so that a node that was away knows which file is the newer one.
  const auto in_force = stack_->status().configuration.in_force;
  if (fresh->totem.config_version <= in_force.version) {
    *text = reload::with_version(*text, in_force.version + 1);
    fresh = config::parse_cluster_config(*text, setup_.config_path);
    if (!fresh) return refuse(fresh.error());
  }
  for (const auto& line : difference->changed) log::write(Level::notice, "reload: {}", line);
  propose({reload::in_force_of(*fresh), *text}, std::move(reply));
}

void Daemon::load_access() {
  Notes notes;
  sessions_->set_access(Access::load(setup_.config.access, setup_.root, notes));
  log::write(notes);
}

void Daemon::propose(stack::Propose wanted, Reply reply) {
  if (failed_ || stopping_) return reply(fail(ErrorKind::not_connected, "the daemon is ending"));
  auto output = stack_->step(wanted, loop_.now());
  const auto id = output.proposed;
  if (id) replies_[*id] = reply;
  const auto refused = output.refused;
  perform(output);
  arm_timer();
  if (!refused) return;
  log::write(Level::error, "reload: nothing was changed: {}", refused->message);
  reply(tl::unexpected<Error>(*refused));
}

void Daemon::on_reload_event(const stack::ReloadEvent& event) {
  if (const auto* check = std::get_if<reload::Check>(&event)) return on_check(*check);
  if (const auto* newer = std::get_if<reload::TakeOver>(&event)) return on_take_over(*newer);
  if (const auto* applied = std::get_if<stack::Applied>(&event)) return on_applied(*applied);
  if (const auto* aborted = std::get_if<reload::Aborted>(&event)) {
    // A second attempt that is turned away while the first one is under way takes nothing from that one.
    if (opened_for_ == aborted->id) opened_.clear();
    answer(aborted->id, fail(ErrorKind::failed, "nothing was changed: {}", aborted->words));
    return;
  }
  // Not now: a step is being performed.
  loop_.post([this, words = std::get<stack::MustLeave>(event).words] { stand_aside(words); });
}

/// Looks on the helper thread, opens sockets on the loop, then answers with what `make` makes of it.
void Daemon::look(const std::string& text, std::optional<reload::Id> attempt, std::function<stack::Input(const Looked&)> make) {
  auto looked = std::make_shared<Looked>();
  loop_.offload([looked, text, path = setup_.config_path, now = settings(), self = setup_.self] { *looked = look_at(text, path, now, self); },
                [this, looked, attempt, make = std::move(make)] {
                  opened_.clear();
                  opened_for_ = attempt;
                  if (looked->words.empty()) {
                    auto opened = open_new_sockets(loop_, *settings(), *looked->settings, setup_.self);
                    if (opened) {
                      opened_ = std::move(*opened);
                    } else {
                      looked->words = opened.error().message;
                    }
                  }
                  restart_ = looked->restart;
                  step(make(*looked));
                  after_steps();
                  // It may have been given up while this host was looking: then nobody will want the sockets.
                  if (!stack_->status().configuration.under_way) opened_.clear();
                });
}

void Daemon::on_check(const reload::Check& check) {
  log::write(Level::info, "node {} wants configuration {}: looking at it", check.id.asker, reload::to_string(check.target));
  look(check.text, check.id, [id = check.id](const Looked& it) { return stack::ProposalChecked{id, it.words, it.settings}; });
}

void Daemon::on_take_over(const reload::TakeOver& newer) {
  log::write(Level::notice, "configuration {} comes from node {}", reload::to_string(newer.target), newer.from);
  look(newer.text, std::nullopt, [target = newer.target](const Looked& it) { return stack::TakenOver{target, it.words, it.settings}; });
}

void Daemon::on_applied(const stack::Applied& applied) {
  for (auto& [link, socket] : opened_) sockets_[link] = listen_on(link, std::move(socket));
  opened_.clear();
  setup_.config = applied.settings->config;
  arbiter_.configure(setup_.config.quorum.device);
  setup_.addresses = applied.settings->addresses;
  setup_.config_text = applied.text;
  std::erase_if(sockets_, [&](const auto& it) { return it.first.value >= setup_.config.links; });
  if (auto opened = log::init(log_config(setup_.config.logging, setup_.root)); !opened) log::write(Level::warning, opened.error().message);
  log::write(setup_.config.notes);
  sessions_->set_nodes(welcome());
  load_access();
  const auto words = restart_.empty() ? std::string("in force on every node of the ring")
                                      : "in force on every node of the ring; these count from the next start of relevo-membershipd: " + join(restart_, ", ");
  auto written = std::make_shared<Status>();
  loop_.offload([written, path = setup_.config_path, text = applied.text] { *written = write_config(path, text); },
                [this, written, words, id = applied.id] {
                  file_trouble_ = *written ? std::string{} : fmt::format("the configuration in force is not in its file: {}", written->error().message);
                  if (!file_trouble_.empty()) log::write(Level::error, file_trouble_);
                  if (id) answer(*id, file_trouble_.empty() ? words : words + "; but on this node " + file_trouble_);
                });
}

void Daemon::answer(const reload::Id& id, Result<std::string> words) {
  const auto found = replies_.find(id);
  if (found == replies_.end()) return;
  const auto reply = std::move(found->second);
  replies_.erase(found);
  log::write(words ? Level::notice : Level::error, "reload: {}", words ? *words : words.error().message);
  reply(std::move(words));
}

/// Out of the ring, but there to be asked why: a new start would only end here again.
void Daemon::stand_aside(const std::string& words) {
  if (stopping_ || !aside_.empty()) return;
  aside_ = words;
  log::write(Level::error, "leaving the cluster: {}", words);
  step(stack::Leave{});
  for (const auto& [id, reply] : std::exchange(replies_, {})) reply(fail(ErrorKind::failed, "this node left the cluster: {}", words));
  outbox_.flush(sockets_);  // the others hear of it
  sockets_.clear();
  opened_.clear();
  timer_.cancel();
  armed_.reset();
  sessions_->disconnect_all(words);
}

}  // namespace relevo::membership
