#pragma once

#include <tilts/operations/v1/rebuild_service.pb.h>

#include <string>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "risk_scoring/app/partition.hpp"

namespace tilts::risk_scoring {

// A partition as bytes that can be compared: sorted by name. Names: "partition/<n>/control", "proposal/<pupil id>",
// "pupil/<pupil id>". Of a pupil only the canonical bytes: when they were written is not part of what they say.
using Picture = std::vector<std::pair<std::string, std::string>>;

core::Result<Picture> PictureOf(const Partition& rebuilt, std::int32_t partition);
// `pupils` and `proposals` as they are kept, readable or not.
Picture PictureOf(std::int32_t partition, const std::string& control,
                  const std::vector<std::pair<std::string, std::string>>& pupils,
                  const std::vector<std::pair<std::string, std::string>>& proposals);

// SHA-256 over names and bytes, hex.
std::string DigestOf(const Picture& picture);

// What differs, is missing in `live` or is superfluous there; adds to the report's counts and, up to its limit, its
// list.
void Compare(const Picture& live, const Picture& rebuilt, operations::v1::GetRebuildResponse& report);

}  // namespace tilts::risk_scoring
