// crm_simulate's course: read, show, put events in, plan, carry out on paper, show again. See simulate.hpp.
#include "cli/simulate/simulate.hpp"

#include <malloc.h>

#include <ctime>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/simulate/files.hpp"
#include "cli/simulate/options.hpp"
#include "cli/simulate/printer.hpp"
#include "cli/simulate/profile.hpp"
#include "cli/simulate/xml_report.hpp"
#include "common/xml/tree.hpp"
#include "resmgr/policy/engine.hpp"
#include "resmgr/policy/graph/graph.hpp"
#include "resmgr/policy/graph/plan_json.hpp"
#include "resmgr/policy/unpack/unpack.hpp"
#include "resmgr/rules/date.hpp"

namespace relevo::cli::simulate {
namespace {

constexpr int exit_error = 1, exit_no_right = 4, exit_usage = 64, exit_data = 65, exit_no_input = 66, exit_cannot_create = 73, exit_io = 74,
              exit_disconnected = 102, exit_no_such = 105;

int complain(const std::string& what, int code) {
  fmt::print(stderr, "crm_simulate: {}\n", what);
  return code;
}

int code_of(const Error& error) {
  if (error.kind == ErrorKind::not_connected) return exit_disconnected;
  return error.kind == ErrorKind::invalid ? exit_data : exit_no_input;
}

/// Of a CIB that cannot be written.
int code_of_writing(const Error& error) {
  if (error.kind == ErrorKind::not_found) return exit_no_such;
  return error.kind == ErrorKind::permission ? exit_no_right : exit_error;
}

std::chrono::seconds utc_offset(std::time_t at) {
  std::tm local{};
  localtime_r(&at, &local);
  return std::chrono::seconds(local.tm_gmtoff);
}

std::string date_text(WallTime at) {
  const auto c = rules::calendar(at);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}Z", c.year, c.month, c.monthday, c.hour, c.minute, c.second);
}

class Simulation {
 public:
  Simulation(const Options& options, std::unique_ptr<pugi::xml_document> cib)
      : options_(options), injections_(options.injections), cib_(std::move(cib)),
        out_(options.fancy || !(options.scores || options.utilization), options.quiet), xml_(options.request) {
    injections_.at = real_now_;
  }
  int run();

 private:
  Result<std::unique_ptr<policy::WorkingSet>> fresh_set();
  Result<WallTime> planning_time();
  void show_status(const char* title, bool is_first);
  void show_list(const std::vector<policy::ReportLine>& lines);
  Status put_events_in();
  void show_private_changes();
  Status plan();
  Status make_graph();
  Status carry_out();
  Status save_results();
  Status save_cib(const std::string& path);
  Status save_graph(const std::string& path, const std::string& text);
  [[nodiscard]] std::string cib_text() const { return xml::print(cib_->child("cib")); }
  [[nodiscard]] bool has_events() const;
  std::string answer(int code, const std::string& message);
  int finish(int code, const std::string& message = "OK");

  const Options& options_;
  policy::Injections injections_;
  std::unique_ptr<pugi::xml_document> cib_;
  Printer out_;
  WallTime real_now_{std::time(nullptr)};
  std::unique_ptr<policy::WorkingSet> set_;
  std::string graph_;
  bool is_stuck_ = false;
  int write_failed_ = 0;  ///< the exit code for it
  nlohmann::json json_ = nlohmann::json::object();  ///< the same course as data
  XmlReport xml_;                                   ///< and as XML
};

Result<WallTime> Simulation::planning_time() {
  if (!options_.datetime.empty()) {
    auto at = rules::parse_date(options_.datetime, utc_offset(real_now_.seconds));
    if (!at) return pass(at.error());
    out_.info("Setting effective cluster time: " + options_.datetime);
    return *at;
  }
  const auto recorded = cib_->child("cib").attribute("execution-date").as_llong(0);
  if (recorded <= 0) return real_now_;
  out_.info("Using the original execution date of: " + date_text(WallTime{recorded}));
  return WallTime{recorded};
}

Result<std::unique_ptr<policy::WorkingSet>> Simulation::fresh_set() {
  const auto at = planning_time();
  if (!at) return pass(at.error());
  auto set = std::make_unique<policy::WorkingSet>(cib_->child("cib"), *at);
  // Copies of a CIB are often given away without their passwords.
  set->sanitized = options_.source != Options::Source::live;
  set->utc_offset = utc_offset(at->seconds);
  set->keep_reasons = options_.json;  // text tells none
  if (auto read = policy::unpack(*set); !read) return pass(read.error());
  return set;
}

void Simulation::show_list(const std::vector<policy::ReportLine>& lines) {
  if (lines.empty()) return;
  out_.info("");
  for (const auto& line : lines) out_.line(line);
}

// Afterwards nothing is pending: what was begun before is not told again.
void Simulation::show_status(const char* title, bool is_first) {
  auto& set = *set_;
  if (is_first && set.options.maintenance_mode) {
    out_.info("");
    out_.info("              *** Resource management is DISABLED ***");
    out_.info("  The cluster will not attempt to start, stop or recover services");
    out_.info("");
  }
  if (is_first && (set.disabled_resources > 0 || set.blocked_resources > 0)) {
    out_.info(fmt::format("{} of {} resource instances DISABLED and {} BLOCKED from further action due to failure", set.disabled_resources,
                          set.instances, set.blocked_resources));
    out_.info("");
  }
  if (options_.xml) xml_.status(is_first ? "cluster_status" : "revised_cluster_status", set, {options_.attributes, options_.fail_counts, is_first});
  json_[is_first ? "status_before" : "status_after"] = policy::status_text(set, is_first);
  out_.section(title, is_first);
  for (const auto& line : policy::status_lines(set, is_first)) out_.line(line);
  if (options_.attributes) show_list(policy::attribute_lines(set));
  if (options_.fail_counts) show_list(policy::fail_count_lines(set));
  if (options_.fail_counts) show_list(policy::failure_lines(set));
}

bool Simulation::has_events() const {
  const auto& i = injections_;
  return !i.quorum.empty() || !i.watchdog.empty() || !i.node_up.empty() || !i.node_down.empty() || !i.node_fail.empty() || !i.op_inject.empty() ||
         !i.ticket_grant.empty() || !i.ticket_revoke.empty() || !i.ticket_standby.empty() || !i.ticket_activate.empty();
}

Status Simulation::put_events_in() {
  out_.section("Performing Requested Modifications");
  auto told = policy::inject(*cib_, *set_, injections_);
  if (!told) return pass(told.error());
  if (options_.xml) xml_.modifications(*told);
  for (const auto& line : *told) {
    if (line.starts_with("  * ")) out_.bullet(line);
    else fmt::print(stderr, "{}\n", line);
  }
  auto set = fresh_set();
  if (!set) return pass(set.error());
  set_ = std::move(*set);
  return {};
}

// Told beside scores only, as the peer does; everything else that planning has to say goes to standard error with -V.
void Simulation::show_private_changes() {
  for (const auto& notice : set_->notices)
    if (notice.text.starts_with("Only 'private' parameters")) out_.info(notice.text);
}

Status Simulation::save_cib(const std::string& path) {
  if (path.empty()) return {};
  auto done = write_text(path, cib_text());
  if (!done) write_failed_ = code_of_writing(done.error());
  return done;
}

Status Simulation::save_graph(const std::string& path, const std::string& text) {
  if (path.empty()) return {};
  auto done = write_text(path, text);
  if (!done) write_failed_ = exit_io;
  return done;
}

// As a whole only where it will be carried out: the graph of a large cluster is many times as long as its CIB.
Status Simulation::make_graph() {
  if (options_.simulate || options_.in_place) {
    graph_ = policy::graph_text(*set_, 0);
    return save_graph(options_.save_graph, graph_);
  }
  const auto produce = [&](const PieceWriter& write) {
    xml::Writer out(write);
    policy::write_graph(*set_, 0, out);
    (void)out.take();
  };
  if (options_.save_graph.empty()) {
    produce([](std::string_view) {});
    return {};
  }
  auto done = write_pieces(options_.save_graph, produce);
  if (!done) write_failed_ = exit_io;
  return done;
}

Status Simulation::plan() {
  policy::AssignmentLog log;
  log.wanted = options_.scores || options_.utilization;
  policy::schedule_unpacked(*set_, log);
  if (options_.scores || options_.utilization) {
    out_.scores_title(options_.scores, options_.utilization);
    show_private_changes();
    out_.scores(log, options_.scores, options_.utilization);
    if (options_.xml) xml_.scores(log, options_.scores, options_.utilization);
  }
  if (auto done = make_graph(); !done) return done;
  if (!options_.save_dot.empty())
    if (auto done = save_graph(options_.save_dot, policy::make_dot(*set_, options_.all_actions)); !done) return done;
  if (options_.json) json_["plan"] = policy::plan_json(*set_);
  if (options_.json && options_.scores) json_["scores"] = policy::score_lines_json(*set_, log);
  out_.section("Transition Summary");
  const auto summary = policy::summary(*set_);
  if (options_.xml) xml_.actions(summary);
  const auto changes = policy::summary_text(summary);
  for (const auto& line : changes) out_.bullet(line);
  json_["summary"] = changes;
  return {};
}

Status Simulation::carry_out() {
  out_.section("Executing Cluster Transition");
  pugi::xml_document graph;
  graph.load_buffer(graph_.data(), graph_.size());
  auto told = policy::execute(*cib_, *set_, graph, injections_);
  if (!told) return pass(told.error());
  for (const auto& line : told->lines) out_.bullet(line);
  if (options_.xml) xml_.transition(told->lines);
  is_stuck_ = told->is_stuck;
  json_["executed"] = told->lines;
  json_["stuck"] = is_stuck_;
  auto set = fresh_set();
  if (!set) return pass(set.error());
  set_ = std::move(*set);
  show_status("Revised Cluster Status", false);
  return {};
}

Status Simulation::save_results() {
  if (auto done = save_cib(options_.save_output); !done) return done;
  return options_.in_place && options_.source == Options::Source::file ? save_cib(options_.xml_file) : Status{};
}

std::string Simulation::answer(int code, const std::string& message) {
  if (options_.xml) return xml_.text(code, message);
  return options_.json ? json_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n" : out_.text();
}

int Simulation::finish(int code, const std::string& message) {
  const auto path = options_.output_to.empty() ? std::string("-") : options_.output_to;
  if (auto written = write_text(path, answer(code, message)); !written) return complain(written.error().message, exit_cannot_create);
  if (options_.verbose > 0 && set_ != nullptr) {
    static constexpr const char* levels[] = {"error", "warning", "notice", "info"};
    for (const auto& notice : set_->notices) fmt::print(stderr, "{}: {}\n", levels[static_cast<int>(notice.level)], notice.text);
  }
  return code;
}

int Simulation::run() {
  const auto validated = std::string_view(cib_->child("cib").attribute("validate-with").as_string());
  if (validated.empty() || validated == "none")
    fmt::print(stderr, "Schema validation of configuration is disabled (enabling is encouraged and prevents common misconfigurations)\n");
  auto set = fresh_set();
  if (!set) return complain(set.error().message, exit_data);
  set_ = std::move(*set);
  show_status("Current cluster status", true);
  Status done;
  if (has_events()) done = put_events_in();
  if (done) done = save_cib(options_.save_input);
  const bool simulate = options_.simulate || options_.in_place;
  if (done && (options_.run || simulate || options_.scores || options_.utilization || !options_.save_graph.empty() || !options_.save_dot.empty()))
    done = plan();
  if (done && simulate) done = carry_out();
  if (done) done = save_results();
  if (done && is_stuck_) {
    finish(exit_error, "An invalid transition was produced");
    fmt::print(stderr, "Transition failed: terminated\nAn invalid transition was produced\n");
    return exit_error;
  }
  if (done) return finish(0);
  const int code = write_failed_ != 0 ? write_failed_ : exit_data;
  finish(code, done.error().message);
  return complain(done.error().message, code);
}

}  // namespace

int run(const std::vector<std::string>& args, const LiveCib& live) {
  const auto options = parse_options(args);
  if (!options) return complain(options.error().message, options.error().kind == ErrorKind::unsupported ? exit_no_such : exit_usage);
  if (options->help || options->version) {
    fmt::print("{}", options->help ? help_text() : "crm_simulate of relevo " RELEVO_VERSION " (speaks crm_simulate 2.1.5)\n");
    return 0;
  }
  // A plan takes tens of megabytes in small pieces: they are not given back to the system before the end.
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 8 << 20);
  if (!options->profile.empty()) {
    const auto timings = profile(options->profile, options->repeat);
    if (!timings) return complain(timings.error().message, exit_no_input);
    fmt::print("{}", *timings);
    return 0;
  }
  if (!options->save_output.empty())
    if (const auto ready = can_write(options->save_output); !ready) return complain(ready.error().message, code_of_writing(ready.error()));
  auto cib = read_cib(*options, live);
  if (!cib) return complain(cib.error().message, code_of(cib.error()));
  // Kept until the process ends: giving back each piece of a large plan takes an eighth of the whole time.
  static const auto* const kept_options = new Options(*options);
  static auto* const kept = new Simulation(*kept_options, std::move(*cib));
  return kept->run();
}

}  // namespace relevo::cli::simulate
