// The verbs link-down, link-up, partition, one-way, loss, delay and heal: words to a list of faults, list applied.
#include <functional>

#include "cli/lab/faults.hpp"
#include "cli/lab/store.hpp"
#include "cli/lab/verb.hpp"
#include "cli/support/output.hpp"
#include "common/base/text.hpp"

namespace relevo::cli::lab {
namespace {

using Change = std::function<Status(const Lab&, Faults&, const std::vector<std::string>& words)>;

/// Loads, changes, applies; when the switch refuses, the old list is put back so that status stays true.
Status change_faults(const Lab& lab, const std::vector<std::string>& words, const Change& change) {
  auto lock = Lock::take(lab.name, std::chrono::seconds(30));
  if (!lock) return pass(lock.error());
  const auto old = load_faults(lab);
  auto faults = old.value_or(Faults{});
  if (auto changed = change(lab, faults, words); !changed) return changed;
  if (auto saved = save_faults(lab, faults); !saved) return saved;
  auto applied = apply_faults(lab);
  if (!applied) {
    static_cast<void>(save_faults(lab, old.value_or(Faults{})));
    static_cast<void>(apply_faults(lab));
  }
  return applied;
}

int fault_verb(const VerbText& text, std::size_t least, std::size_t most, const std::vector<std::string>& args,
               const Change& change) {
  return run_verb(text, least, most, args, [&](const Lab& lab, const std::vector<std::string>& words) {
    return change_faults(lab, words, change);
  });
}

/// The ports that NODE [LINK] means.
Result<std::vector<std::string>> ports_meant(const Lab& lab, const std::vector<std::string>& words) {
  const auto host = find_host(lab, words[0]);
  if (!host) return pass(host.error());
  std::vector<std::string> ports;
  for (std::uint32_t link = 0; link < lab.links; ++link) ports.push_back(port_of(*host, link));
  if (words.size() == 1) return ports;
  const auto number = parse_uint(words[1]);
  if (!number || *number >= lab.links)
    return fail(ErrorKind::invalid, "'{}' is no link of this lab: it has 0 to {}", words[1], lab.links - 1);
  return std::vector{ports[static_cast<std::size_t>(*number)]};
}

}  // namespace

int link_down_main(const std::vector<std::string>& args) {
  return fault_verb({"relevo lab link-down NODE [LINK]", "Takes the carrier from all links of a host, or from one."}, 1,
                    2, args, [](const Lab& lab, Faults& faults, const auto& words) -> Status {
                      const auto ports = ports_meant(lab, words);
                      if (!ports) return pass(ports.error());
                      faults.down.insert(ports->begin(), ports->end());
                      return {};
                    });
}

int link_up_main(const std::vector<std::string>& args) {
  return fault_verb({"relevo lab link-up NODE [LINK]", "Gives the carrier back."}, 1, 2, args,
                    [](const Lab& lab, Faults& faults, const auto& words) -> Status {
                      const auto ports = ports_meant(lab, words);
                      if (!ports) return pass(ports.error());
                      for (const auto& port : *ports) faults.down.erase(port);
                      return {};
                    });
}

int partition_main(const std::vector<std::string>& args) {
  return fault_verb({"relevo lab partition SIDE:SIDE[:SIDE...]",
                     "Cuts every packet between the sides, both ways: partition 1:2,3. Who is on no side sees all."},
                    1, 1, args, [](const Lab& lab, Faults& faults, const auto& words) -> Status {
                      const auto sides = parse_sides(lab, words[0]);
                      if (!sides) return pass(sides.error());
                      for (const auto& a : *sides)
                        for (const auto& b : *sides)
                          for (const auto& from : a)
                            for (const auto& to : b)
                              if (&a != &b) faults.cuts.emplace(from.name, to.name);
                      return {};
                    });
}

int one_way_main(const std::vector<std::string>& args) {
  return fault_verb({"relevo lab one-way FROM:TO", "Loses the packets from one side to the other, not those back."}, 1,
                    1, args, [](const Lab& lab, Faults& faults, const auto& words) -> Status {
                      const auto sides = parse_sides(lab, words[0]);
                      if (!sides) return pass(sides.error());
                      if (sides->size() != 2) return fail(ErrorKind::invalid, "one-way takes two sides: one-way 1:2");
                      for (const auto& from : sides->at(0))
                        for (const auto& to : sides->at(1)) faults.cuts.emplace(from.name, to.name);
                      return {};
                    });
}

int loss_main(const std::vector<std::string>& args) {
  return fault_verb({"relevo lab loss NODE PERCENT", "Loses a share of a host's packets, each way; 0% ends it."}, 2, 2,
                    args, [](const Lab& lab, Faults& faults, const auto& words) -> Status {
                      const auto host = find_host(lab, words[0]);
                      if (!host) return pass(host.error());
                      const auto share = parse_loss(words[1]);
                      if (!share) return pass(share.error());
                      faults.loss.erase(host->name);
                      if (*share > 0) faults.loss[host->name] = *share;
                      return {};
                    });
}

int delay_main(const std::vector<std::string>& args) {
  return fault_verb({"relevo lab delay NODE TIME", "Adds a time to a host's packets, each way: delay nodo1 5ms."}, 2, 2,
                    args, [](const Lab& lab, Faults& faults, const auto& words) -> Status {
                      const auto host = find_host(lab, words[0]);
                      if (!host) return pass(host.error());
                      const auto time = parse_duration(words[1]);
                      if (!time || *time <= 0ms || *time > 10s)
                        return fail(ErrorKind::invalid, "'{}' is no delay: write 5ms, up to 10s; 'heal' ends it",
                                    words[1]);
                      faults.delay_us[host->name] = static_cast<std::uint32_t>(time->count() * 1000);
                      return {};
                    });
}

int heal_main(const std::vector<std::string>& args) {
  return run_verb({"relevo lab heal", "Ends every network fault: cuts, losses, delays, links without carrier."}, 0, 0,
                  args, [](const Lab& lab, const std::vector<std::string>&) -> Status {
                    auto lock = Lock::take(lab.name, std::chrono::seconds(30));
                    if (!lock) return pass(lock.error());
                    return heal(lab);
                  });
}

}  // namespace relevo::cli::lab
