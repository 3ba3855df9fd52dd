// The text of corosync-quorumtool from the membership daemon's report. No I/O: quorumtool.cpp does that.
#pragma once

#include <string>
#include <string_view>

#include "common/base/result.hpp"

namespace relevo::cli::lowlevel {

struct QuorumTextStyle {
  enum class Order { id, name, address };
  bool qdevice_column = false;  ///< -p: show it also without an arbiter
  bool addresses = false;       ///< -i: addresses instead of names
  bool all_addresses = false;   ///< -a: every address of a node
  bool hexadecimal = false;     ///< -H: node ids
  Order order = Order::id;      ///< -o
};

struct QuorumText {
  std::string status;   ///< the sections "Quorum information" and "Votequorum information"
  std::string members;  ///< the section "Membership information", with the empty line before it
  bool quorate = false;
};

/// Errors: the report is not one of ours.
Result<QuorumText> quorum_text(std::string_view report, std::string_view date, const QuorumTextStyle& style);

}  // namespace relevo::cli::lowlevel
