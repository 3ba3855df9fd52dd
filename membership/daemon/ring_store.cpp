// The ring number on disk. Source of the need: Totem's ring ids must never come back; membership spec 2.1, 4.
#include "membership/daemon/ring_store.hpp"

#include <algorithm>
#include <mutex>

#include "common/base/text.hpp"
#include "common/io/file.hpp"
#include "common/log/log.hpp"

namespace relevo::membership {
namespace {

constexpr std::string_view first_line = "relevo ring number 1";

/// FNV-1a, 64 bits: against torn and damaged files, not against people.
std::uint64_t checksum(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3ULL;
  return hash;
}

std::string body(NodeId node, std::uint64_t reserved) {
  return fmt::format("{}\nnode {}\nreserved {}\n", first_line, node, reserved);
}

}  // namespace

std::string ring_file_text(NodeId node, std::uint64_t reserved) {
  const auto text = body(node, reserved);
  return fmt::format("{}checksum {:016x}\n", text, checksum(text));
}

Result<std::uint64_t> parse_ring_file(std::string_view text, NodeId node) {
  const auto lines = split(text, '\n');
  if (lines.size() < 3 || lines[0] != first_line) return fail(ErrorKind::invalid, "not a ring number file");
  const auto parts = words(lines[2]);
  const auto reserved = parts.size() == 2 && parts[0] == "reserved" ? parse_uint(parts[1]) : std::nullopt;
  if (!reserved) return fail(ErrorKind::invalid, "line 3: 'reserved NUMBER' expected");
  if (text != ring_file_text(node, *reserved)) {
    return fail(ErrorKind::invalid, "the checksum or the node ({}) does not fit", node);
  }
  return *reserved;
}

/// The two files. The loop and its helper thread both write: never a smaller number after a greater one.
struct RingStore::Disk {
  std::string path;
  NodeId node;
  std::mutex mutex;
  std::uint64_t durable = 0;

  Status write(std::uint64_t reserved) {
    const std::lock_guard lock(mutex);
    if (reserved <= durable) return {};
    const auto text = ring_file_text(node, reserved);
    if (auto written = io::write_file_durably(path, text, 0600); !written) return written;
    durable = reserved;
    return io::write_file_durably(path + ".bak", text, 0600);
  }
};

RingStore::RingStore(io::Loop& loop, const std::string& state_dir, NodeId node)
    : loop_(loop), disk_(std::make_shared<Disk>()), again_(loop) {
  disk_->path = fmt::format("{}/ringid_{}", state_dir, node);
  disk_->node = node;
}

std::uint64_t RingStore::load(Notes& notes) {
  std::uint64_t greatest = 0;
  bool damaged = false;
  for (const auto& path : {disk_->path, disk_->path + ".bak"}) {
    const auto text = io::read_file(path, 4096);
    const auto value = text ? parse_ring_file(*text, disk_->node) : Result<std::uint64_t>(pass(text.error()));
    if (value) {
      greatest = std::max(greatest, *value);
      continue;
    }
    damaged = true;
    if (!text && text.error().kind == ErrorKind::not_found) continue;
    notes.push_back(note(Level::warning, "{}: {}; the other copy, or else the clock, stands in for it", path,
                         value.error().message));
  }
  // One copy may be a block behind the other, which was lost.
  return greatest == 0 ? 0 : greatest + (damaged ? ring_block : 0);
}

Status RingStore::store(std::uint64_t seq) {
  used_ = std::max(used_, seq);
  if (seq > reserved_) {
    if (auto written = disk_->write(seq + ring_block); !written) return written;
    reserved_ = seq + ring_block;
  } else if (reserved_ - seq < ring_block / 2) {
    reserve_ahead(reserved_ + ring_block);
  }
  return {};
}

void RingStore::reserve_ahead(std::uint64_t upto) {
  if (reserving_) return;
  reserving_ = true;
  auto result = std::make_shared<Status>();
  loop_.offload([result, upto, disk = disk_] { *result = disk->write(upto); },
                [this, result, upto] { on_reserved(upto, *result); });
}

void RingStore::on_reserved(std::uint64_t upto, const Status& written) {
  constexpr Duration retry = 10s;
  reserving_ = false;
  if (written) {
    reserved_ = std::max(reserved_, upto);
    if (!trouble_.empty()) log::write(Level::notice, "ring numbers are on disk again");
    trouble_.clear();
    return;
  }
  const bool is_news = trouble_.empty();
  trouble_ = fmt::format("ring numbers cannot be stored ({}): {} are left, then this node has to leave", written.error().message,
                         reserved_ > used_ ? reserved_ - used_ : 0);
  if (is_news) log::write(Level::error, trouble_);
  again_.after(retry, [this, upto] { reserve_ahead(upto); });
}

}  // namespace relevo::membership
