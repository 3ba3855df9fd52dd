// Byte strings and the little-endian reader and writer every codec is made of.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace relevo {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

inline BytesView as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(std::string_view text) { return {text.begin(), text.end()}; }

/// Appends fixed little-endian integers and length-prefixed strings to a buffer.
class Writer {
 public:
  void u8(std::uint8_t v) { out_.push_back(v); }
  void u16(std::uint16_t v) { put(v, 2); }
  void u32(std::uint32_t v) { put(v, 4); }
  void u64(std::uint64_t v) { put(v, 8); }
  void i64(std::int64_t v) { put(static_cast<std::uint64_t>(v), 8); }
  void boolean(bool v) { u8(v ? 1 : 0); }
  void raw(BytesView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
  /// u32 length, then the bytes.
  void bytes(BytesView v) {
    u32(static_cast<std::uint32_t>(v.size()));
    raw(v);
  }
  void text(std::string_view v) { bytes(as_bytes(v)); }

  [[nodiscard]] std::size_t size() const { return out_.size(); }
  [[nodiscard]] Bytes take() { return std::move(out_); }
  [[nodiscard]] BytesView view() const { return out_; }

 private:
  void put(std::uint64_t v, int n) {
    for (int i = 0; i < n; ++i) out_.push_back(static_cast<std::uint8_t>(v >> (8 * i)));
  }
  Bytes out_;
};

/// Reads what Writer wrote. The first read past the end makes it fail for good and every later read gives zero
/// or an empty string, so a decoder reads all its fields and asks `ok()` once.
class Reader {
 public:
  explicit Reader(BytesView in) : in_(in) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(get(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(get(2)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(get(4)); }
  std::uint64_t u64() { return get(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(get(8)); }
  /// Any value but 0 and 1 fails.
  bool boolean() {
    const auto v = u8();
    if (v > 1) ok_ = false;
    return v == 1;
  }
  BytesView raw(std::size_t n) {
    if (n > in_.size()) {
      ok_ = false;
      in_ = {};
      return {};
    }
    auto head = in_.first(n);
    in_ = in_.subspan(n);
    return head;
  }
  /// A u32 length and that many bytes; longer than `limit` fails.
  BytesView bytes(std::size_t limit = 1U << 30) {
    const std::size_t n = u32();
    if (n > limit) ok_ = false;
    return ok_ ? raw(n) : BytesView{};
  }
  std::string text(std::size_t limit = 1U << 30) { return std::string(as_text(bytes(limit))); }
  /// A count of elements of at least `min_size` bytes each: fails when they cannot fit in what is left.
  std::size_t count(std::size_t n, std::size_t min_size) {
    if (min_size != 0 && n > in_.size() / min_size) ok_ = false;
    return ok_ ? n : 0;
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return in_.size(); }
  /// Everything was read and nothing was missing.
  [[nodiscard]] bool done() const { return ok_ && in_.empty(); }

 private:
  std::uint64_t get(std::size_t n) {
    const auto b = raw(n);
    std::uint64_t v = 0;
    for (std::size_t i = 0; i < b.size(); ++i) v |= static_cast<std::uint64_t>(b[i]) << (8 * i);
    return v;
  }
  BytesView in_;
  bool ok_ = true;
};

}  // namespace relevo
