// Operations and results as bytes. Decoding is total: any input gives a value or an error.
#include "resmgr/executor/operation.hpp"

namespace relevo::executor {
namespace {

using std::chrono::milliseconds;

constexpr std::uint8_t format_version = 1;
constexpr std::size_t longest_text = 1U << 20;
constexpr std::size_t shortest_pair = 8;  // two empty texts

void put(Writer& out, const std::map<std::string, std::string>& values) {
  out.u32(static_cast<std::uint32_t>(values.size()));
  for (const auto& [name, value] : values) {
    out.text(name);
    out.text(value);
  }
}

std::map<std::string, std::string> get_map(Reader& in) {
  std::map<std::string, std::string> values;
  const auto n = in.count(in.u32(), shortest_pair);
  for (std::size_t i = 0; i < n && in.ok(); ++i) {
    auto name = in.text(longest_text);
    values[std::move(name)] = in.text(longest_text);
  }
  return values;
}

void put_operation(Writer& out, const Operation& op) {
  for (const auto* text : {&op.resource, &op.klass, &op.provider, &op.type, &op.task}) out.text(*text);
  for (const auto time : {op.interval, op.timeout, op.start_delay}) out.i64(time.count());
  put(out, op.parameters);
  put(out, op.meta);
  out.i64(op.expected_rc);
  out.text(op.transition_key);
}

Operation get_operation(Reader& in) {
  Operation op;
  for (auto* text : {&op.resource, &op.klass, &op.provider, &op.type, &op.task}) *text = in.text(longest_text);
  for (auto* time : {&op.interval, &op.timeout, &op.start_delay}) *time = milliseconds(in.i64());
  op.parameters = get_map(in);
  op.meta = get_map(in);
  op.expected_rc = static_cast<int>(in.i64());
  op.transition_key = in.text(longest_text);
  return op;
}

/// Times that later sums cannot overflow.
bool is_sane(milliseconds time) { return time >= milliseconds(0) && time <= std::chrono::hours(24 * 365 * 100); }

Status check(const Operation& op) {
  if (op.resource.empty() || op.task.empty()) return fail(ErrorKind::invalid, "operation without a resource or a task");
  for (const auto time : {op.interval, op.timeout, op.start_delay}) {
    if (!is_sane(time))
      return fail(ErrorKind::invalid, "operation {} of {}: a time is out of range", op.task, op.resource);
  }
  return {};
}

bool known(OpStatus status) { return status >= OpStatus::pending && status <= OpStatus::no_secrets; }

}  // namespace

Bytes encode(const Operation& operation) {
  Writer out;
  out.u8(format_version);
  put_operation(out, operation);
  return out.take();
}

Result<Operation> decode_operation(BytesView bytes) {
  Reader in(bytes);
  const auto version = in.u8();
  auto op = get_operation(in);
  if (version != format_version || !in.done())
    return fail(ErrorKind::invalid, "malformed operation ({} bytes)", bytes.size());
  if (auto ok = check(op); !ok) return pass(ok.error());
  return op;
}

Bytes encode(const OperationResult& result) {
  Writer out;
  out.u8(format_version);
  put_operation(out, result.operation);
  for (const auto number : {result.call_id, result.rc, static_cast<int>(result.status)}) out.i64(number);
  out.text(result.exit_reason);
  for (const auto time : {result.exec_time, result.queue_time}) out.i64(time.count());
  for (const auto time : {result.last_rc_change, result.last_run}) out.i64(time.seconds);
  out.boolean(result.first);
  return out.take();
}

Result<OperationResult> decode_result(BytesView bytes) {
  Reader in(bytes);
  OperationResult result;
  const auto version = in.u8();
  result.operation = get_operation(in);
  result.call_id = static_cast<int>(in.i64());
  result.rc = static_cast<int>(in.i64());
  result.status = static_cast<OpStatus>(static_cast<int>(in.i64()));
  result.exit_reason = in.text(longest_text);
  for (auto* time : {&result.exec_time, &result.queue_time}) *time = milliseconds(in.i64());
  for (auto* time : {&result.last_rc_change, &result.last_run}) time->seconds = in.i64();
  result.first = in.boolean();
  if (version != format_version || !in.done() || !known(result.status)) {
    return fail(ErrorKind::invalid, "malformed operation result ({} bytes)", bytes.size());
  }
  if (auto ok = check(result.operation); !ok) return pass(ok.error());
  return result;
}

}  // namespace relevo::executor
