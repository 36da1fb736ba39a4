#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "notification/domain/retry.hpp"

namespace tilts::notification {

// services/notification/data/retry.json: strict JSON of tilts.notification.v1.RetryPolicyFile, checked whole.
core::Result<domain::RetryPolicy> ParseRetryPolicy(std::string_view json);
core::Result<domain::RetryPolicy> ReadRetryPolicy(const std::string& data_dir);

}  // namespace tilts::notification
