// The stream to the arbiter. A missing token is said and looked for again: it may be copied while the daemon runs.
#include "membership/daemon/arbiter_link.hpp"

#include <sys/stat.h>

#include "common/io/file.hpp"
#include "common/log/log.hpp"

namespace relevo::membership {
namespace {

constexpr Duration token_retry = 10s;

Result<arbiter::Token> read_token(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && (!S_ISREG(status.st_mode) || (status.st_mode & 077) != 0))
    return fail(ErrorKind::permission, "{}: the arbiter's token must be a file that only its owner can read: chmod 0600 it", path);
  const auto text = io::read_file(path, 4096);
  if (!text) {
    if (text.error().kind == ErrorKind::not_found)
      return fail(ErrorKind::not_found,
                  "{}: the arbiter's token is missing: run 'relevo-arbiter add-cluster' on its host and copy the file to every node", path);
    return pass(text.error());
  }
  return arbiter::parse_token(*text, path);
}

}  // namespace

ArbiterLink::ArbiterLink(io::Loop& loop, std::string token_path, std::function<void(const stack::Input&)> step)
    : loop_(loop), token_path_(std::move(token_path)), step_(std::move(step)), retry_(loop) {}

ArbiterLink::~ArbiterLink() = default;

void ArbiterLink::configure(const config::DeviceConfig& device) {
  const auto wanted = fmt::format("{} {} {} {} {}", device.host, device.port, device.algorithm, device.tie_breaker, to_ms(device.timeout));
  device_ = device;
  if (!device.configured) {
    told_.clear();
    retry_.cancel();
    return;
  }
  if (wanted == told_) return;
  told_ = wanted;
  give_token();
}

void ArbiterLink::give_token() {
  retry_.after(0s, [this] {
    const auto token = read_token(token_path_);
    if (token) return step_(stack::ArbiterToken{*token});
    log::write(Level::error, token.error().message);
    retry_.after(token_retry, [this] { give_token(); });
  });
}

void ArbiterLink::perform(const std::vector<stack::ArbiterAction>& actions) {
  for (const auto& action : actions) {
    if (const auto* frame = std::get_if<arbiter::SendFrame>(&action)) {
      if (connection_) connection_->send(frame->bytes);
    } else if (std::holds_alternative<arbiter::Connect>(action)) {
      connect();
    } else {
      disconnect();
    }
  }
}

void ArbiterLink::connect() {
  disconnect();
  io::TlsLimits limits;
  limits.max_frame = arbiter::max_frame;
  auto made = io::connect_tls(loop_, device_.host, device_.port, limits);
  if (!made) {
    loop_.post([this, why = made.error().message] { step_(stack::ArbiterLost{why}); });
    return;
  }
  connection_ = std::move(*made);
  io::TlsConnection::Handlers handlers;
  handlers.on_ready = [this](const io::TlsBinding& binding) { step_(stack::ArbiterConnected{binding}); };
  handlers.on_frame = [this](BytesView bytes) { step_(stack::ArbiterFrame{bytes}); };
  handlers.on_closed = [this](const std::string& reason) { step_(stack::ArbiterLost{reason}); };
  connection_->start(std::move(handlers));
}

void ArbiterLink::disconnect() {
  if (!connection_) return;
  // On a later turn: one of its handlers may be running.
  connection_->close();
  loop_.post([gone = std::move(connection_)] {});
  connection_.reset();
}

}  // namespace relevo::membership
