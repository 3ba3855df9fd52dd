// From the document to the model: configuration and status read with Pacemaker's meaning.
// Decides nothing about the future (scheduler) and keeps nothing.
#pragma once

#include "common/base/result.hpp"
#include "common/base/time.hpp"
#include "resmgr/cib/document.hpp"
#include "resmgr/model/cluster_state.hpp"

namespace relevo::cib {

/// Unpacks configuration and status as they mean at `now` (failure-timeout, rules). The document's own
/// `execution-date` wins over `now`, as in Pacemaker's test inputs.
/// Errors: invalid, when the document lacks what validate() would have demanded.
/// Source: resmgr spec 2(a) stage 1.
Result<model::ClusterState> unpack(const Document& document, WallTime now);

}  // namespace relevo::cib
