// Reading CIBs and telling plans, for the scheduler's tests.
#pragma once

#include <string>

#include "common/base/time.hpp"
#include "resmgr/scheduler/plan.hpp"

namespace relevo::test {

/// The moment at which all tests live.
constexpr WallTime some_time{1'700'000'000};

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);
/// Warnings, what becomes of resources, and actions: what plan.txt holds.
std::string plan_text(const scheduler::Plan& plan);

}  // namespace relevo::test
