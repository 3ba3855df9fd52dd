// The client side of the membership socket: requests out, events to the handlers.
#include "membership/client/client.hpp"

#include <map>
#include <utility>

#include "common/io/unix_socket.hpp"
#include "common/ipc/membership.hpp"
#include "membership/client/convert.hpp"

namespace relevo::membership {
namespace {

using Type = ipc::MembershipFrame;

/// Requests that the daemon does not read, because its ring takes no more, wait up to here. Then: try_again.
constexpr std::size_t queue_limit = 4U << 20;

Error not_connected() { return Error{"the connection to relevo-membershipd is gone", ErrorKind::not_connected}; }

}  // namespace

struct Client::Impl : std::enable_shared_from_this<Client::Impl> {
  Handlers handlers;
  std::unique_ptr<io::Connection> connection;  // none once lost
  bool owned = true;                           // the Client lives; without it nobody is called
  std::uint64_t next_tag = 1;
  std::uint32_t next_number = 1;
  std::map<std::uint32_t, std::function<void()>> pings;
  std::map<std::uint32_t, std::function<void(Result<std::string>)>> answers;

  void send(Type type, const Bytes& payload) {
    if (connection) connection->send(static_cast<std::uint16_t>(type), payload);
  }

  void ask(Type type, const std::string& text, std::function<void(Result<std::string>)> answer) {
    const auto number = next_number++;
    answers.emplace(number, std::move(answer));
    send(type, ipc::encode(ipc::NumberedRequest{number, text}));
  }

  void on_frame(const io::Frame& frame) {
    const auto handled = dispatch(static_cast<Type>(frame.type), frame.payload);
    if (!handled && owned) lost(handled.error().message);
  }

  /// Decodes and, when that went well, hands over. A handler may destroy the Client: nothing of it is used after.
  template <class T, class Handle>
  Status hand_over(Result<T> value, Handle handle) {
    if (!value) return pass(value.error());
    handle(std::move(*value));
    return {};
  }

  Status dispatch(Type type, BytesView in) {
    switch (type) {
      case Type::welcome:
        return hand_over(ipc::decode_welcome(in), [this](auto v) { tell(handlers.on_welcome, from_ipc(std::move(v))); });
      case Type::configuration:
        return hand_over(ipc::decode_configuration(in), [this](auto v) { tell(handlers.on_configuration, v); });
      case Type::quorum:
        return hand_over(ipc::decode_quorum_view(in), [this](auto v) { tell(handlers.on_quorum, v); });
      case Type::group_view:
        return hand_over(ipc::decode_group_view(in), [this](auto v) { tell(handlers.on_group, from_ipc(std::move(v))); });
      case Type::group_message:
        return hand_over(ipc::decode_group_message(in), [this](auto v) { tell(handlers.on_message, from_ipc(v)); });
      case Type::rejected:
        return hand_over(ipc::decode_rejected(in), [this](auto v) { tell(handlers.on_rejected, v.group, v.error); });
      case Type::pong:
        return hand_over(ipc::decode_numbered_request(in), [this](auto v) { on_pong(v.number); });
      case Type::answer:
        return hand_over(ipc::decode_answer(in), [this](auto v) { on_answer(std::move(v)); });
      default: return {};  // a newer daemon may say more than this program understands
    }
  }

  template <class Handler, class... Args>
  void tell(const Handler& handler, Args&&... args) {
    if (handler) handler(std::forward<Args>(args)...);
  }

  void on_pong(std::uint32_t number) {
    auto found = pings.extract(number);
    if (!found.empty()) tell(found.mapped());
  }

  void on_answer(ipc::Answer answer) {
    auto found = answers.extract(answer.number);
    if (!found.empty()) tell(found.mapped(), std::move(answer.text));
  }

  /// The end of the connection, told once: first to those who wait for an answer, then to the owner.
  void lost(const std::string& reason) {
    connection.reset();
    pings.clear();
    for (auto& [number, answer] : std::exchange(answers, {})) {
      if (owned) tell(answer, pass(Error{"relevo-membershipd: " + reason, ErrorKind::not_connected}));
    }
    if (owned) tell(std::exchange(handlers.on_lost, nullptr), reason);
  }
};

Client::Client(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

Client::~Client() {
  impl_->owned = false;
  impl_->connection.reset();
}

Result<std::unique_ptr<Client>> Client::connect(io::Loop& loop, const std::string& socket_path, Handlers handlers) {
  auto connection = io::connect_unix(loop, socket_path);
  if (!connection) return in_context(connection.error(), "relevo-membershipd");
  auto impl = std::make_shared<Impl>();
  impl->handlers = std::move(handlers);
  impl->connection = std::move(*connection);
  // The connection must not keep alive what owns it: a weak reference, made strong while a handler runs.
  const std::weak_ptr<Impl> weak = impl;
  impl->connection->start(
      [weak](const io::Frame& frame) {
        if (const auto self = weak.lock()) self->on_frame(frame);
      },
      [weak](const std::string& reason) {
        if (const auto self = weak.lock()) self->lost(reason);
      });
  return std::make_unique<Client>(std::move(impl));
}

void Client::join(const std::string& group) { impl_->send(Type::join, ipc::encode(ipc::GroupRequest{group})); }
void Client::leave(const std::string& group) { impl_->send(Type::leave, ipc::encode(ipc::GroupRequest{group})); }

Status Client::multicast(const std::string& group, groups::Guarantee guarantee, BytesView payload) {
  if (!impl_->connection) return pass(not_connected());
  if (payload.size() > ipc::max_multicast) {
    return fail(ErrorKind::invalid, "a message of {} bytes is longer than the {} allowed", payload.size(),
                ipc::max_multicast);
  }
  if (group.empty() || group.size() > ipc::max_group_name) {
    return fail(ErrorKind::invalid, "a group's name has 1 to {} bytes, not {}", ipc::max_group_name, group.size());
  }
  if (impl_->connection->queued() > queue_limit) {
    return fail(ErrorKind::try_again, "relevo-membershipd takes no more messages for the moment");
  }
  const bool safe = guarantee == groups::Guarantee::safe;
  impl_->send(Type::multicast, ipc::encode(ipc::MulticastRequest{group, safe, impl_->next_tag++, payload}));
  return {};
}

void Client::ping(std::function<void()> answer) {
  const auto number = impl_->next_number++;
  impl_->pings.emplace(number, std::move(answer));
  impl_->send(Type::ping, ipc::encode(ipc::NumberedRequest{number, {}}));
}

void Client::report(const std::string& what, std::function<void(Result<std::string> json)> answer) {
  if (!impl_->connection) return answer(pass(not_connected()));
  impl_->ask(Type::report, what, std::move(answer));
}

void Client::control(const std::string& command, std::function<void(Status)> answer) {
  if (!impl_->connection) return answer(pass(not_connected()));
  impl_->ask(Type::control, command, [answer = std::move(answer)](Result<std::string> text) {
    if (text) return answer({});
    answer(pass(text.error()));
  });
}

}  // namespace relevo::membership
