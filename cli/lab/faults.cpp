// The list of faults and how it becomes nftables rules, ports without carrier, and netem.
#include "cli/lab/faults.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/lab/namespaces.hpp"
#include "cli/lab/store.hpp"
#include "common/base/text.hpp"
#include "common/io/file.hpp"

namespace relevo::cli::lab {
namespace {

std::string faults_path(const Lab& lab) { return folder_of(lab.name) + "/faults.json"; }

/// `{ "nodo1-0", "nodo1-1" }`: all ports of a host as an nftables set.
std::string ports(const Lab& lab, const std::string& host) {
  std::string set;
  for (std::uint32_t link = 0; link < lab.links; ++link)
    set += fmt::format("{}\"{}-{}\"", set.empty() ? "" : ", ", host, link);
  return "{ " + set + " }";
}

Status apply_rules(const Lab& lab, const Faults& faults) {
  const auto netns = switch_namespace(lab);
  auto done = run_tool("ip", {"netns", "exec", netns, "nft", "-f", "-"}, nft_rules(lab, faults));
  if (done) return {};
  return fail(ErrorKind::unsupported,
              "{} (cuts and losses need nftables with its bridge family in the kernel, and the package nftables)",
              done.error().message);
}

Status apply_ports(const Lab& lab, const Faults& faults) {
  for (const auto& host : hosts_of(lab)) {
    if (!netns_exists(namespace_of(lab, host))) continue;
    for (std::uint32_t link = 0; link < lab.links; ++link) {
      const auto port = port_of(host, link);
      if (auto done = set_interface(switch_namespace(lab), port, faults.down.count(port) == 0); !done) return done;
    }
  }
  return {};
}

/// The delay is put before both ends of the cable, so that each direction has it once.
Status apply_delay(const Lab& lab, const Host& host, const Faults& faults) {
  const auto it = faults.delay_us.find(host.name);
  for (std::uint32_t link = 0; link < lab.links; ++link) {
    const std::pair<std::string, std::string> ends[] = {{switch_namespace(lab), port_of(host, link)},
                                                        {namespace_of(lab, host), interface_of(link)}};
    for (const auto& [netns, interface] : ends) {
      if (it == faults.delay_us.end()) {
        const auto now = run_tool("tc", {"-n", netns, "qdisc", "show", "dev", interface, "root"});
        if (now && now->find("netem") != std::string::npos)
          static_cast<void>(run_tool("tc", {"-n", netns, "qdisc", "del", "dev", interface, "root"}));
        continue;
      }
      const auto done = run_tool("tc", {"-n", netns, "qdisc", "replace", "dev", interface, "root", "netem", "delay",
                                        fmt::format("{}us", it->second), "limit", "100000"});
      if (!done)
        return fail(ErrorKind::unsupported, "this kernel cannot delay packets (it has no sch_netem): {}",
                    done.error().message);
    }
  }
  return {};
}

/// Takes away what heal must: the delays, which the empty list alone would leave where they are.
void end_delays(const Lab& lab, const Faults& old) {
  for (const auto& [name, time] : old.delay_us)
    if (const auto host = find_host(lab, name); host && netns_exists(namespace_of(lab, *host)))
      static_cast<void>(apply_delay(lab, *host, Faults{}));
}

}  // namespace

Status heal(const Lab& lab) {
  const auto old = load_faults(lab);
  if (auto saved = save_faults(lab, Faults{}); !saved) return saved;
  if (old) end_delays(lab, *old);
  return apply_faults(lab);
}

std::string nft_rules(const Lab& lab, const Faults& faults) {
  // One transaction: there is no moment without the old rules and without the new ones.
  std::string text = "add table bridge relevo_lab\ndelete table bridge relevo_lab\n";
  if (faults.cuts.empty() && faults.loss.empty()) return text;
  text += "table bridge relevo_lab {\n  chain forward {\n    type filter hook forward priority 0; policy accept;\n";
  for (const auto& [from, to] : faults.cuts)
    text += fmt::format("    iifname {} oifname {} drop\n", ports(lab, from), ports(lab, to));
  for (const auto& [host, share] : faults.loss)
    for (const auto* direction : {"iifname", "oifname"})
      text += fmt::format("    {} {} numgen random mod 10000 < {} drop\n", direction, ports(lab, host), share);
  return text + "  }\n}\n";
}

Status apply_faults(const Lab& lab) {
  const auto faults = load_faults(lab);
  if (!faults) return pass(faults.error());
  const bool rules = !faults->cuts.empty() || !faults->loss.empty();
  // A lab without faults must come up also where nftables is missing.
  if (auto done = apply_rules(lab, *faults); !done && rules) return done;
  if (auto done = apply_ports(lab, *faults); !done) return done;
  for (const auto& host : hosts_of(lab)) {
    if (faults->delay_us.count(host.name) == 0 || !netns_exists(namespace_of(lab, host))) continue;
    if (auto done = apply_delay(lab, host, *faults); !done) return done;
  }
  return {};
}

Result<Faults> load_faults(const Lab& lab) {
  Faults faults;
  const auto text = io::read_file(faults_path(lab), 1U << 20);
  if (!text) return faults;
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object()) return fail("{} is damaged: 'relevo lab heal' writes it anew", faults_path(lab));
  const auto list = [&](const char* key) {
    const auto it = json.find(key);
    return it != json.end() && it->is_array() ? *it : nlohmann::json::array();
  };
  for (const auto& cut : list("cuts"))
    if (cut.size() == 2) faults.cuts.emplace(cut[0].get<std::string>(), cut[1].get<std::string>());
  for (const auto& entry : list("loss"))
    if (entry.size() == 2) faults.loss[entry[0].get<std::string>()] = entry[1].get<std::uint32_t>();
  for (const auto& entry : list("delay_us"))
    if (entry.size() == 2) faults.delay_us[entry[0].get<std::string>()] = entry[1].get<std::uint32_t>();
  for (const auto& port : list("down")) faults.down.insert(port.get<std::string>());
  return faults;
}

Status save_faults(const Lab& lab, const Faults& faults) {
  auto json = nlohmann::json::object();
  for (const auto* key : {"cuts", "loss", "delay_us", "down"}) json[key] = nlohmann::json::array();
  for (const auto& [from, to] : faults.cuts) json["cuts"].push_back({from, to});
  for (const auto& [host, share] : faults.loss) json["loss"].push_back(nlohmann::json::array({host, share}));
  for (const auto& [host, time] : faults.delay_us) json["delay_us"].push_back(nlohmann::json::array({host, time}));
  for (const auto& port : faults.down) json["down"].push_back(port);
  return io::write_file_durably(faults_path(lab), json.dump(), 0600);
}

std::vector<std::string> describe(const Faults& faults) {
  std::vector<std::string> lines;
  for (const auto& [from, to] : faults.cuts) lines.push_back(fmt::format("packets from {} to {} are lost", from, to));
  for (const auto& [host, share] : faults.loss)
    lines.push_back(fmt::format("{} loses {}.{:02}% of its packets each way", host, share / 100, share % 100));
  for (const auto& [host, time] : faults.delay_us)
    lines.push_back(fmt::format("{} has {}.{:03} ms more each way", host, time / 1000, time % 1000));
  for (const auto& port : faults.down) lines.push_back(fmt::format("port {} has no carrier", port));
  return lines;
}

Result<std::vector<std::vector<Host>>> parse_sides(const Lab& lab, const std::string& text) {
  std::vector<std::vector<Host>> sides;
  std::set<std::string> seen;
  for (const auto& side : split(text, ':')) {
    std::vector<Host> hosts;
    for (const auto& word : split(side, ',')) {
      auto host = find_host(lab, std::string(trim(word)));
      if (!host) return pass(host.error());
      if (!seen.insert(host->name).second) return fail(ErrorKind::invalid, "{} is named twice", host->name);
      hosts.push_back(std::move(*host));
    }
    sides.push_back(std::move(hosts));
  }
  if (sides.size() < 2) return fail(ErrorKind::invalid, "'{}' has one side only: write both, as in 1:2,3", text);
  return sides;
}

Result<std::uint32_t> parse_loss(const std::string& text) {
  const auto wrong = [&] { return fail(ErrorKind::invalid, "'{}' is no loss: write 10% or 2.5%, up to 100%", text); };
  auto number = std::string(trim(text));
  if (number.ends_with('%')) number.pop_back();
  const auto parts = split(number, '.');
  if (parts.size() > 2 || parts[0].empty()) return wrong();
  auto fraction = parts.size() == 2 ? parts[1] : std::string("0");
  if (fraction.empty() || fraction.size() > 2) return wrong();
  if (fraction.size() == 1) fraction += '0';
  const auto whole = parse_uint(parts[0]);
  const auto rest = parse_uint(fraction);
  if (!whole || !rest || *whole > 100 || *whole * 100 + *rest > 10000) return wrong();
  return static_cast<std::uint32_t>(*whole * 100 + *rest);
}

}  // namespace relevo::cli::lab
