// Runs the *.txt scenarios beside it: blocks of commands, `----`, and the transcript they must give.
// UPDATE_GOLDEN=1 in the environment rewrites the transcripts; the difference is reviewed like code.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "common/base/text.hpp"
#include "tests/sim/world.hpp"

using namespace relevo;

namespace {

using Words = std::vector<std::string>;

NodeId node_of(const std::string& word) { return NodeId(static_cast<std::uint32_t>(parse_uint(word).value_or(1))); }
Duration duration_of(const std::string& word) { return parse_duration(word).value_or(std::chrono::milliseconds(0)); }

/// One scenario's world: no chance in it, every packet takes 1 ms and every verdict 10 ms.
class Stage {
 public:
  Stage() {
    options_.delay = {1ms, 1ms};
    options_.detect_down = {10ms, 10ms};
    options_.detect_up = {10ms, 10ms};
  }

  std::string perform(const std::vector<std::string>& commands) {
    transcript_.clear();
    for (const auto& command : commands) {
      began_ = world_ ? world_->now() : Instant{};
      run(words(command));
    }
    return transcript_;
  }
  [[nodiscard]] std::optional<std::string> violation() const { return world_ ? world_->violation() : std::nullopt; }

 private:
  void run(const Words& words) {
    const auto& verb = words.front();
    const auto first = words.size() > 1 ? words[1] : std::string();
    if (verb == "nodes") return make_world(parse_uint(first).value_or(3));
    if (verb == "boot") return each(words, [&](NodeId node) { world_->boot(node, true); });
    if (verb == "boot-without-disk") return each(words, [&](NodeId node) { world_->boot(node, false); });
    if (verb == "crash") return each(words, [&](NodeId node) { world_->crash(node); });
    if (verb == "leave") return each(words, [&](NodeId node) { world_->leave(node); });
    if (verb == "pause") return each(words, [&](NodeId node) { world_->pause(node); });
    if (verb == "resume") return each(words, [&](NodeId node) { world_->resume(node); });
    if (verb == "run") return world_->run_for(duration_of(first));
    if (verb == "heal") return world_->mend_all();
    if (verb == "partition") return partition(words);
    if (verb == "one-way") return world_->cut(node_of(first), node_of(words[2]), true);
    if (verb == "one-way-unseen") return world_->cut(node_of(first), node_of(words[2]), false);
    if (verb == "deafen") return world_->deafen(node_of(first), node_of(words[2]), duration_of(words[3]));
    if (verb == "suspect") return world_->suspect(node_of(first), node_of(words[2]), duration_of(words[3]));
    if (verb == "submit") return submit(words);
    if (verb == "status") return status();
    say(fmt::format("unknown command '{}'", verb));
  }

  void make_world(std::size_t nodes) {
    options_.nodes = nodes;
    world_ = std::make_unique<sim::World>(options_, 1);
    world_->on_event = [this](NodeId node, const totem::Event& event) {
      say(fmt::format("+{}ms n{} {}", to_ms(world_->now() - began_), node, sim::describe_event(event)));
    };
    world_->on_note = [this](NodeId node, const Note& note) {
      if (note.level >= Level::warning) say(fmt::format("+{}ms n{} warns: {}", to_ms(world_->now() - began_), node, note.text));
    };
  }

  template <class Action>
  void each(const Words& words, Action action) {
    for (std::size_t i = 1; i < words.size(); ++i) action(node_of(words[i]));
  }

  /// `partition 1 2 | 3`: no packet crosses the bar.
  void partition(const Words& words) {
    std::vector<NodeId> left;
    std::vector<NodeId> right;
    bool is_right = false;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "|")
        is_right = true;
      else
        (is_right ? right : left).push_back(node_of(words[i]));
    }
    for (const auto a : left)
      for (const auto b : right) {
        world_->cut(a, b, true);
        world_->cut(b, a, true);
      }
  }

  /// `submit NODE SIZE [safe]`
  void submit(const Words& words) {
    const bool safe = std::ranges::find(words, "safe") != words.end();
    const auto size = parse_uint(words[2]).value_or(8);
    if (!world_->submit(node_of(words[1]), size, safe ? groups::Guarantee::safe : groups::Guarantee::agreed)) say("refused");
  }

  void status() {
    for (const auto id : world_->node_ids()) {
      if (!world_->is_alive(id)) {
        say(fmt::format("n{} is down", id));
        continue;
      }
      const auto view = world_->ring(id).view();
      std::string members;
      for (const auto node : view.members) members += fmt::format(" {}", node);
      say(fmt::format("n{} {} {}:{}", id, view.state, view.ring, members));
    }
  }

  void say(const std::string& line) { transcript_ += line + "\n"; }

  sim::WorldOptions options_;
  std::unique_ptr<sim::World> world_;
  std::string transcript_;
  Instant began_{};
};

/// The whole file as it would be with the transcripts of this run.
std::string replay(const std::string& text) {
  Stage stage;
  std::string result;
  std::vector<std::string> commands;
  bool in_transcript = false;
  for (const auto& line : split(text, '\n')) {
    if (line == "----") {
      result += "----\n" + stage.perform(commands) + "\n";
      commands.clear();
      in_transcript = true;
    } else if (in_transcript) {
      in_transcript = !line.empty();
    } else if (!line.empty()) {
      result += line + "\n";
      if (!line.starts_with("#")) commands.push_back(line);
    }
  }
  if (const auto violation = stage.violation()) result += "BROKEN " + *violation + "\n";
  return result;
}

}  // namespace

TEST_CASE("scenarios: each transcript is what the ring does", "[totem]") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(RELEVO_TEST_DATA))
    if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt") files.push_back(entry.path());
  std::ranges::sort(files);
  REQUIRE(files.size() >= 6);
  for (const auto& path : files) {
    std::ifstream in(path, std::ios::binary);
    const std::string expected{std::istreambuf_iterator<char>(in), {}};
    const auto actual = replay(expected);
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << actual;
    INFO(path.filename().string());
    CHECK(actual.find("BROKEN") == std::string::npos);
    if (std::getenv("UPDATE_GOLDEN") == nullptr) CHECK(actual == expected);
  }
}
