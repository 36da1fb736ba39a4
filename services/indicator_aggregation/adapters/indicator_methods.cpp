#include "indicator_aggregation/adapters/indicator_methods.hpp"

#include <set>

#include "backbone/audit.hpp"
#include "calendar/riga_time.hpp"
#include "indicator_aggregation/adapters/frozen_years.hpp"
#include "indicator_aggregation/adapters/official_figures.hpp"
#include "indicator_aggregation/adapters/reconciliation.hpp"
#include "indicator_aggregation/adapters/snapshot.hpp"
#include "indicator_aggregation/adapters/value_reader.hpp"
#include "indicator_aggregation/app/official_check.hpp"
#include "wire/bytes.hpp"

namespace tilts::indicator_aggregation {
namespace {

using namespace indicators::v1;  // NOLINT(google-build-using-namespace): the contract's messages
using auth::AccessDecision;
using postgres::UnitOfWork;
using rpc::CallContext;

constexpr int kMostFigures = 2'000;

bool IsOperator(const CallContext& call) {
  return call.principal.kind == auth::Principal::Kind::kOperator;
}

core::Status Audit(UnitOfWork& unit, const CallContext& call, auth::Touch touch, std::vector<std::string> objects,
                   AccessDecision decision) {
  TILTS_ASSIGN(const auto draft,
               backbone::AuditOfCall(call, kGroup,
                                     {std::string(kGroup) + (touch == auth::Touch::kRead ? ".pmp" : ".figures"),
                                      touch,
                                      std::move(objects),
                                      std::move(decision),
                                      {}}));
  return unit.Emit(draft);
}

core::Status SetAsOf(UnitOfWork& unit, AsOf& as_of) {
  TILTS_ASSIGN(*as_of.mutable_watermark(), WatermarkOf(unit));
  TILTS_ASSIGN(*as_of.mutable_digest(), ValuesDigest(unit, Tables::Live()));
  return {};
}

// The registry's kinds change seldom, and a figure names its municipality itself.
bool MayImport(const CallContext& call, const Authorities& authorities, const ImportOfficialFiguresRequest& request) {
  if (IsOperator(call)) return true;
  const auto municipality = authorities.MunicipalityOf(call.principal.institution_id);
  if (!municipality) return false;
  for (const OfficialFigure& figure : request.figures()) {
    if (figure.municipality() != *municipality) return false;
  }
  return true;
}

}  // namespace

void IndicatorMethods::Bind(rpc::MethodTable& methods) {
  const std::string service = "tilts.indicators.v1.IndicatorService/";
  methods.Bind<ListIndicatorsRequest, ListIndicatorsResponse>(
      service + "ListIndicators", [this](const CallContext&, const auto&) { return List(); });
  methods.Bind<GetIndicatorRequest, GetIndicatorResponse>(
      service + "GetIndicator", [this](const CallContext& call, const auto& request) { return Get(call, request); });
  methods.Bind<ExportIndicatorsRequest, ExportIndicatorsResponse>(
      service + "ExportIndicators",
      [this](const CallContext& call, const auto& request) { return Export(call, request); });
  methods.Bind<ImportOfficialFiguresRequest, ImportOfficialFiguresResponse>(
      service + "ImportOfficialFigures",
      [this](const CallContext& call, const auto& request) { return Import(call, request); });
  methods.Bind<FreezeYearRequest, FreezeYearResponse>(
      service + "FreezeYear", [this](const CallContext& call, const auto& request) { return Freeze(call, request); });
  methods.Bind<ReconcileDayRequest, ReconcileDayResponse>(
      service + "ReconcileDay",
      [this](const CallContext& call, const auto& request) { return ReconcileDay(call, request); });
}

core::Result<ListIndicatorsResponse> IndicatorMethods::List() const {
  ListIndicatorsResponse answer;
  for (const indicators::v1::Definition& definition : parts_.book.contracts) *answer.add_definitions() = definition;
  answer.set_definitions_version(parts_.book.version);
  answer.set_definitions_hash(parts_.book.hash);
  return answer;
}

bool IndicatorMethods::MaySee(const CallContext& call, const std::string& institution_id,
                              const std::string& municipality) const {
  if (institution_id.empty() || institution_id == call.principal.institution_id || IsOperator(call)) return true;
  return parts_.authorities.MunicipalityOf(call.principal.institution_id) == municipality;
}

core::Result<std::vector<Value>> IndicatorMethods::Table(UnitOfWork& unit, const Reader& reader,
                                                         const indicator_aggregation::Definition& definition,
                                                         const std::string& school_year) const {
  TILTS_ASSIGN(const auto values, ValuesOf(unit, definition.indicator_id, school_year));
  TILTS_ASSIGN(const auto official, OfficialFigures::List(unit, definition.indicator_id, school_year));
  return TableFor(reader, definition, values, official, parts_.smallest_cell);
}

core::Result<GetIndicatorResponse> IndicatorMethods::Get(const CallContext& call,
                                                         const GetIndicatorRequest& request) const {
  const auto* definition = parts_.book.definitions.Find(request.indicator_id());
  if (definition == nullptr) {
    return core::Fail(core::Errc::kNotFound, "there is no such indicator: ListIndicators gives the ids", "INDICATOR");
  }
  const std::string& wanted = request.institution_id();
  const bool authority = IsOperator(call) || parts_.authorities.MunicipalityOf(call.principal.institution_id);
  if (!wanted.empty() && wanted != call.principal.institution_id && !authority) {
    return core::Fail(core::Errc::kDenied, "an institution sees its own cells and the municipality's",
                      "INSTITUTION_NOT_YOURS");
  }
  const Reader reader{call.principal.institution_id,
                      [&](const std::string& institution, const std::string& municipality) {
                        return institution == wanted && MaySee(call, institution, municipality);
                      }};
  return ReadOneMoment(parts_.database, [&](UnitOfWork& unit) -> core::Result<GetIndicatorResponse> {
    GetIndicatorResponse answer;
    *answer.mutable_definition() = *parts_.book.Contract(request.indicator_id());
    TILTS_ASSIGN(auto values, Table(unit, reader, *definition, request.school_year()));
    answer.mutable_values()->Add(values.begin(), values.end());
    TILTS_CHECK(SetAsOf(unit, *answer.mutable_as_of()));
    return answer;
  });
}

core::Result<ExportIndicatorsResponse> IndicatorMethods::Export(const CallContext& call,
                                                                const ExportIndicatorsRequest& request) const {
  const bool csv = request.format() == "csv";
  if (!csv && !request.format().empty() && request.format() != "json") {
    return core::Fail(core::Error{
        core::Errc::kInvalid, "the export has two formats", "REQUEST", {{"format", "FORMAT", "use json or csv"}}, 0});
  }
  const std::string& own = call.principal.institution_id;
  const Reader reader{own, [&](const std::string& institution, const std::string&) {
                        return institution.empty() || institution == own;
                      }};
  return ReadOneMoment(parts_.database, [&](UnitOfWork& unit) -> core::Result<ExportIndicatorsResponse> {
    std::vector<Value> all;
    for (const auto& definition : parts_.book.definitions.list) {
      TILTS_ASSIGN(const auto values, Table(unit, reader, definition, request.school_year()));
      all.insert(all.end(), values.begin(), values.end());
    }
    ExportIndicatorsResponse answer;
    if (csv) {
      answer.set_csv(ToCsv(all));
    } else {
      answer.mutable_values()->Add(all.begin(), all.end());
    }
    TILTS_CHECK(SetAsOf(unit, *answer.mutable_as_of()));
    return answer;
  });
}

core::Result<ImportOfficialFiguresResponse> IndicatorMethods::Import(
    const CallContext& call, const ImportOfficialFiguresRequest& request) const {
  const std::string& institution = call.principal.institution_id;
  if (request.figures().empty() || request.figures_size() > kMostFigures) {
    return core::Fail(core::Errc::kInvalid, "send 1 to 2,000 figures at a time", "FIGURES_COUNT");
  }
  const std::vector<OfficialFigure> figures{request.figures().begin(), request.figures().end()};
  TILTS_CHECK(CheckFigures(parts_.book, figures));
  const bool allowed = MayImport(call, parts_.authorities, request);
  const auto decision = allowed ? AccessDecision::Allow("AUTHORITY") : AccessDecision::Deny("NOT_THE_AUTHORITY");
  std::set<std::string> objects;
  for (const OfficialFigure& figure : figures) objects.insert("indicator/" + figure.indicator_id());
  TILTS_ASSIGN(
      const auto answer, parts_.database.Transact([&](UnitOfWork& unit) -> core::Result<ImportOfficialFiguresResponse> {
        ImportOfficialFiguresResponse response;
        TILTS_CHECK(Audit(unit, call, auth::Touch::kWrite, {objects.begin(), objects.end()}, decision));
        if (!allowed) return response;
        TILTS_ASSIGN(const auto seen, parts_.idempotency.Begin(unit, institution, request.request_id(), request));
        if (seen) {
          // A response of zeros has no bytes.
          if (!seen->empty()) TILTS_CHECK(wire::Parse(*seen, response));
          return response;
        }
        TILTS_ASSIGN(const Imported imported, OfficialFigures::Put(unit, figures, call.call_id, call.now));
        response.set_added(imported.added);
        response.set_restated(imported.restated);
        TILTS_ASSIGN(const std::string bytes, wire::Serialize(response));
        TILTS_CHECK(parts_.idempotency.Complete(unit, institution, request.request_id(), request, bytes, call.now));
        return response;
      }));
  if (!allowed) {
    return core::Fail(core::Errc::kDenied, "official figures are the education authority's", "NOT_THE_AUTHORITY");
  }
  return answer;
}

core::Result<FreezeYearResponse> IndicatorMethods::Freeze(const CallContext& call,
                                                          const FreezeYearRequest& request) const {
  const std::string& institution = call.principal.institution_id;
  const bool allowed = IsOperator(call);
  const auto decision = allowed ? AccessDecision::Allow("OPERATOR") : AccessDecision::Deny("NOT_THE_OPERATOR");
  TILTS_ASSIGN(const auto answer, parts_.database.Transact([&](UnitOfWork& unit) -> core::Result<FreezeYearResponse> {
    FreezeYearResponse response;
    TILTS_CHECK(Audit(unit, call, auth::Touch::kWrite, {"school-year/" + request.school_year()}, decision));
    if (!allowed) return response;
    TILTS_ASSIGN(const auto seen, parts_.idempotency.Begin(unit, institution, request.request_id(), request));
    if (seen) {
      TILTS_CHECK(wire::Parse(*seen, response));
      return response;
    }
    TILTS_ASSIGN(const std::uint64_t values, FreezeYear(unit, request.school_year(), call.now));
    response.set_values(values);
    TILTS_CHECK(SetAsOf(unit, *response.mutable_as_of()));
    TILTS_ASSIGN(const std::string bytes, wire::Serialize(response));
    TILTS_CHECK(parts_.idempotency.Complete(unit, institution, request.request_id(), request, bytes, call.now));
    return response;
  }));
  if (!allowed) {
    return core::Fail(core::Errc::kDenied, "who runs Tilts makes figures final", "NOT_THE_OPERATOR");
  }
  return answer;
}

core::Result<ReconcileDayResponse> IndicatorMethods::ReconcileDay(const CallContext& call,
                                                                  const ReconcileDayRequest& request) const {
  const auto date = calendar::ParseDate(request.day());
  if (!date) {
    return core::Fail(core::Error{
        core::Errc::kInvalid, "the day is not a date", "REQUEST", {{"day", "DATE", "write the day as 2026-03-02"}}, 0});
  }
  const std::string& institution = call.principal.institution_id;
  const int day = static_cast<int>(date->time_since_epoch().count());
  return ReadOneMoment(parts_.database, [&](UnitOfWork& unit) -> core::Result<ReconcileDayResponse> {
    TILTS_ASSIGN(ReconcileDayResponse answer, Reconcile(unit, institution, day));
    answer.set_day(request.day());
    TILTS_ASSIGN(*answer.mutable_watermark(), WatermarkOf(unit));
    // Pupils are named, so the record commits before the answer leaves.
    std::vector<std::string> objects{"institution/" + institution};
    for (const std::string& pupil : answer.pupil_ids_without_attendance()) objects.push_back("person/" + pupil);
    TILTS_CHECK(Audit(unit, call, auth::Touch::kRead, std::move(objects), AccessDecision::Allow("OWNER")));
    return answer;
  });
}

}  // namespace tilts::indicator_aggregation
