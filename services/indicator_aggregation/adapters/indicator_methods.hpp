#pragma once

#include <tilts/indicators/v1/indicator_service.pb.h>

#include <cstdint>
#include <vector>

#include "indicator_aggregation/adapters/authorities.hpp"
#include "indicator_aggregation/app/definition_file.hpp"
#include "indicator_aggregation/app/value_table.hpp"
#include "postgres/database.hpp"
#include "postgres/idempotency.hpp"
#include "rpc/method_table.hpp"

namespace tilts::indicator_aggregation {

struct MethodParts {
  postgres::Database& database;
  const DefinitionBook& book;
  const Authorities& authorities;
  postgres::Idempotency idempotency;
  std::int64_t smallest_cell = 5;
};

// tilts.indicators.v1.IndicatorService.
class IndicatorMethods {
 public:
  explicit IndicatorMethods(MethodParts parts) : parts_(std::move(parts)) {}
  void Bind(rpc::MethodTable& methods);

  core::Result<indicators::v1::ListIndicatorsResponse> List() const;
  // kNotFound: no such indicator. kDenied, reason INSTITUTION_NOT_YOURS: another institution's cells.
  core::Result<indicators::v1::GetIndicatorResponse> Get(const rpc::CallContext& call,
                                                         const indicators::v1::GetIndicatorRequest& request) const;
  // The municipality's values and the caller's own, of every indicator.
  core::Result<indicators::v1::ExportIndicatorsResponse> Export(
      const rpc::CallContext& call, const indicators::v1::ExportIndicatorsRequest& request) const;
  // kDenied, reason NOT_THE_AUTHORITY: neither the education authority of that municipality nor who runs Tilts.
  core::Result<indicators::v1::ImportOfficialFiguresResponse> Import(
      const rpc::CallContext& call, const indicators::v1::ImportOfficialFiguresRequest& request) const;
  // kDenied, reason NOT_THE_OPERATOR. kRefused: YEAR_OPEN, YEAR_FROZEN.
  core::Result<indicators::v1::FreezeYearResponse> Freeze(const rpc::CallContext& call,
                                                          const indicators::v1::FreezeYearRequest& request) const;
  core::Result<indicators::v1::ReconcileDayResponse> ReconcileDay(
      const rpc::CallContext& call, const indicators::v1::ReconcileDayRequest& request) const;

 private:
  // Institutions besides its own whose cells the caller may see; `institution_id` empty: the municipality's.
  bool MaySee(const rpc::CallContext& call, const std::string& institution_id, const std::string& municipality) const;
  core::Result<std::vector<indicators::v1::Value>> Table(postgres::UnitOfWork& unit, const Reader& reader,
                                                         const Definition& definition,
                                                         const std::string& school_year) const;

  MethodParts parts_;
};

}  // namespace tilts::indicator_aggregation
