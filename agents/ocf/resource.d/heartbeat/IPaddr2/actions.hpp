// The actions of IPaddr2.
#pragma once

#include "agents/lib/ocf.hpp"

namespace relevo::agents::ipaddr2 {

Answer start(const Call& call);
Answer stop(const Call& call);
Answer monitor(const Call& call);
Answer validate(const Call& call);

}  // namespace relevo::agents::ipaddr2
