// The operator's requests: what is refused at once, and the answer at the end. And what reports show.
#include <algorithm>

#include "membership/keys/rotation.hpp"

namespace relevo::keys {

void Rotation::answer_request(Result<std::string> result) {
  out_.answers.push_back({wanted_->request, std::move(result)});
  wanted_.reset();
}

std::string Rotation::absent() const {
  std::string out;
  for (const auto node : options_.configured)
    if (!run_ || run_->members.count(node) == 0) out += fmt::format("{}{}", out.empty() ? "" : ", ", node);
  return out;
}

Output Rotation::rotate(const RotateRequest& request) {
  const auto refuse = [&](tl::unexpected<Error> error) {
    out_.answers.push_back({request.request, std::move(error)});
    return finish();
  };
  const auto used = std::count_if(ring_.entries.begin(), ring_.entries.end(), [](const auto& e) { return e.state != KeyState::retire; });
  if (wanted_) return refuse(fail(ErrorKind::try_again, "a rotation that was asked for on this node still runs"));
  if (!run_ || (run_->phase != Phase::settled && run_->phase != Phase::failed))
    return refuse(fail(ErrorKind::try_again, "the members are still comparing their keys"));
  if (!quorate_) return refuse(fail(ErrorKind::no_quorum, "this side has no quorum: the key is changed only by the side that has"));
  if (!is_complete() && !request.force)
    return refuse(fail(ErrorKind::invalid, "not in the ring: node {}. It would have to catch up with a key that must stay accepted "
                       "until then. Start it, or use --force", absent()));
  if (static_cast<std::size_t>(used) >= seal::max_keys)
    return refuse(fail(ErrorKind::invalid, "{} keys are in use already, because nodes were away in earlier rotations: start them, or "
                       "retire keys with `relevo cluster key retire ID`", used));
  wanted_ = Wanted{request.request, request.wall, std::nullopt};
  send(Begin{run_->round});
  return finish();
}

Output Rotation::retire(const RetireRequest& request) {
  const auto refuse = [&](tl::unexpected<Error> error) {
    out_.answers.push_back({request.request, std::move(error)});
    return finish();
  };
  // Of two with one id the one that can be retired, the older first.
  const auto old = std::find_if(ring_.entries.begin(), ring_.entries.end(),
                                [&](const auto& e) { return e.id == request.id && e.state == KeyState::accept; });
  const auto* key = old != ring_.entries.end() ? &*old : ring_.find(request.id);
  if (key == nullptr) return refuse(fail(ErrorKind::not_found, "there is no key {}: `relevo cluster key list` shows them", request.id));
  if (key->state == KeyState::retire) return refuse(fail(ErrorKind::exists, "key {} is retired already", request.id));
  if (key->state == KeyState::active)
    return refuse(fail(ErrorKind::invalid, "key {} is the active one: `relevo cluster key rotate` makes another active first", request.id));
  if (retire_request_ != 0) return refuse(fail(ErrorKind::try_again, "another key is being retired"));
  if (run_ && run_->phase == Phase::failed)
    return refuse(fail(ErrorKind::invalid, "the members' keys could not be brought together ({}). While they differ none is retired: mend "
                       "that, or copy the key file of one node to those that differ and start them anew", run_->problem));
  if (!run_ || run_->phase != Phase::settled) return refuse(fail(ErrorKind::try_again, "the keys are changing at this moment"));
  if (!quorate_) return refuse(fail(ErrorKind::no_quorum, "this side has no quorum: keys are retired only by the side that has"));
  if (!is_complete() && !request.force)
    return refuse(fail(ErrorKind::invalid, "not in the ring: node {}. If key {} is the newest it has, it cannot come back without a "
                       "copy of the key file. Use --force to retire the key all the same", absent(), request.id));
  retire_request_ = request.request;
  send(Retire{run_->round, {key->fingerprint}, true});
  return finish();
}

Status Rotation::status() const {
  Status s;
  constexpr const char* names[] = {"comparing", "giving", "settling", "settled", "failed"};
  s.state = run_ ? names[static_cast<std::size_t>(run_->phase)] : "alone";
  for (const auto& meta : metas_of(ring_)) {
    KeyStatus k{meta, {}};
    if (meta.state != KeyState::retire) {
      k.holders.insert(options_.self);
      if (run_)
        if (const auto it = run_->all.holders.find(meta.fingerprint); it != run_->all.holders.end()) k.holders.insert(it->second.begin(), it->second.end());
    }
    s.keys.push_back(std::move(k));
  }
  if (run_) s.problem = run_->problem;
  if (run_) s.asked_by = run_->asked_by;
  return s;
}

}  // namespace relevo::keys
