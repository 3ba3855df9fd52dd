// The load program of the peer's side: the same plan and the same checks over Corosync's libcpg. Built by the
// benchmark itself where libcpg-dev is installed; no part of the project's own build.
#include <corosync/corotypes.h>
#include <corosync/cpg.h>
#include <poll.h>
#include <sys/uio.h>

#include <ctime>

#include "tests/bench/membership/traffic.hpp"

namespace {

using relevo::bench::Plan;
using relevo::bench::Traffic;

Traffic* traffic = nullptr;
bool watching = false;

std::int64_t now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1'000'000'000LL + t.tv_nsec;
}

void on_message(cpg_handle_t, const cpg_name*, std::uint32_t, std::uint32_t, void* bytes, std::size_t size) {
  traffic->on_message({static_cast<std::uint8_t*>(bytes), size}, now());
}

void on_members(cpg_handle_t, const cpg_name*, const cpg_address*, std::size_t members, const cpg_address*, std::size_t,
                const cpg_address*, std::size_t) {
  if (!traffic->begun() && members == traffic->plan().members) traffic->begin(now());
}

void on_ring(cpg_handle_t, cpg_ring_id, std::uint32_t members, const std::uint32_t*) {
  if (!watching) return;
  std::printf("%lld %u\n", static_cast<long long>(now()), members);
  std::fflush(stdout);
}

/// Hands over what the plan wants. False: the library takes no more for the moment.
bool pump(cpg_handle_t handle) {
  constexpr int burst = 64;
  for (int i = 0; i < burst; ++i) {
    const auto at = now();
    if (!traffic->wants_to_send(at)) return true;
    const auto message = traffic->next(at);
    iovec piece{const_cast<std::uint8_t*>(message.data()), message.size()};
    const auto rc = cpg_mcast_joined(handle, CPG_TYPE_AGREED, &piece, 1);
    if (rc == CS_ERR_TRY_AGAIN) return false;
    if (rc != CS_OK) traffic->complain("cpg_mcast_joined: error " + std::to_string(rc));
    if (rc != CS_OK) return true;
    traffic->sent(at);
  }
  return true;
}

void run(cpg_handle_t handle) {
  int fd = -1;
  cpg_fd_get(handle, &fd);
  const bool floods = traffic->plan().mode == "flood" && traffic->plan().sends;
  while (!traffic->done()) {
    const bool taken = pump(handle);
    pollfd wait{fd, POLLIN, 0};
    // A flooding sender only looks whether something came, and waits a moment when its library takes no more.
    const bool busy = floods && traffic->begun() && traffic->wants_to_send(now());
    const int timeout = busy ? (taken ? 0 : 1) : traffic->plan().mode == "idle" ? 1 : 1000;
    if (::poll(&wait, 1, timeout) == 0) continue;
    if (const auto rc = cpg_dispatch(handle, CS_DISPATCH_ALL); rc != CS_OK && rc != CS_ERR_TRY_AGAIN) {
      traffic->complain("cpg_dispatch: error " + std::to_string(rc));
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  Plan plan;
  if (!relevo::bench::read_plan({argv, static_cast<std::size_t>(argc)}, plan)) return 2;
  watching = plan.mode == "watch";
  Traffic object(plan);
  traffic = &object;
  cpg_model_v1_data_t model{};
  model.cpg_deliver_fn = on_message;
  model.cpg_confchg_fn = on_members;
  model.cpg_totem_confchg_fn = on_ring;
  model.flags = CPG_MODEL_V1_DELIVER_INITIAL_TOTEM_CONF;
  cpg_handle_t handle = 0;
  if (const auto rc = cpg_model_initialize(&handle, CPG_MODEL_V1, reinterpret_cast<cpg_model_data_t*>(&model), nullptr);
      rc != CS_OK) {
    std::fprintf(stderr, "cpg_model_initialize: error %d\n", rc);
    return 1;
  }
  cpg_name name{};
  name.length = static_cast<std::uint32_t>(std::min<std::size_t>(plan.group.size(), CPG_MAX_NAME_LENGTH));
  std::memcpy(name.value, plan.group.data(), name.length);
  cs_error_t joined = CS_ERR_TRY_AGAIN;
  while ((joined = cpg_join(handle, &name)) == CS_ERR_TRY_AGAIN) ::poll(nullptr, 0, 10);
  if (joined != CS_OK) return 1;
  run(handle);
  if (!watching) traffic->report();
  cpg_finalize(handle);
  return traffic->exit_code();
}
