#pragma once

#include <tilts/intake/v1/intake_service.pb.h>

#include "city_simulator/law/directory.hpp"

namespace tilts::city_simulator {

// What a report says by itself, before levels and coordinator are judged. Reads the reports the city makes, not every
// report that could be made.
Picture PictureOfReport(const intake::v1::ReportConcernRequest& request, const Directory& directory);

}  // namespace tilts::city_simulator
