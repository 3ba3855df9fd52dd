// The field's low-level programs by their own names, with their options, outputs and exit codes. Arguments exclude the
// program's name.
#pragma once

#include <string>
#include <vector>

namespace relevo::cli::lowlevel {

using Program = int (*)(const std::vector<std::string>& args);

/// The CIB as XML: -Q, -C, -M, -R, -D, -E, -B. Source: cibadmin(8); cli spec 2.2.
int cibadmin(const std::vector<std::string>& args);
/// Whether a CIB is valid, and what in it is likely not meant. Source: crm_verify(8).
int crm_verify(const std::vector<std::string>& args);
/// Names and ids of nodes, and whether this partition has quorum. Source: crm_node(8).
int crm_node(const std::vector<std::string>& args);
/// One attribute of a node, of the cluster's options or of the defaults. Source: crm_attribute(8).
int crm_attribute(const std::vector<std::string>& args);

/// Links, nodes, reload, log files, shutdown. Source: corosync-cfgtool(8); membership spec 1.7. Exit 0 or 1.
int cfgtool(const std::vector<std::string>& args);
/// Keys and statistics. Source: corosync-cmapctl(8), cmap_keys(7); membership spec 1.5, 1.7. Exit 0 or 1.
int cmapctl(const std::vector<std::string>& args);
/// Process groups and their members. Source: corosync-cpgtool(8). Exit 0 or 1.
int cpgtool(const std::vector<std::string>& args);

/// The program of that name, or null.
[[nodiscard]] Program find(const std::string& name);

}  // namespace relevo::cli::lowlevel
