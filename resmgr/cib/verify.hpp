// What is valid and yet likely not meant: for crm_verify and for previews. Not the schema (validate()).
#pragma once

#include "common/base/note.hpp"
#include "resmgr/cib/document.hpp"

namespace relevo::cib {

/// Errors (the cluster will not do what the configuration says) first, then warnings, each in document order.
/// Source: crm_verify(8); resmgr spec 2(a) stage 1.
[[nodiscard]] Notes verify(const Document& document);

}  // namespace relevo::cib
