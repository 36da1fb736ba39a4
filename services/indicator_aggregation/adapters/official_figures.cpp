#include "indicator_aggregation/adapters/official_figures.hpp"

#include "indicator_aggregation/app/official_check.hpp"

namespace tilts::indicator_aggregation {
namespace {

using indicators::v1::OfficialFigure;

postgres::Params KeyOf(const OfficialFigure& figure) {
  return {figure.indicator_id(), figure.school_year(), figure.municipality(), figure.institution_id(),
          figure.category()};
}

enum class Outcome { kAdded, kRestated, kSame };

core::Result<Outcome> PutOne(postgres::UnitOfWork& unit, const OfficialFigure& figure, const std::string& replaced_by,
                             std::optional<core::CityTime> at) {
  postgres::Params all = KeyOf(figure);
  all.insert(all.end(), {figure.value(), figure.source(), figure.published_on()});
  TILTS_ASSIGN(
      const auto added,
      unit.Exec("INSERT INTO official_figure VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING", all));
  if (added.affected() == 1) return Outcome::kAdded;
  postgres::Params history = KeyOf(figure);
  history.insert(history.end(), {figure.value(), replaced_by, at});
  TILTS_ASSIGN(const auto kept,
               unit.Exec("INSERT INTO official_figure_history (indicator_id, school_year, municipality, "
                         "institution_id, category, value, source, published_on, replaced_by, replaced_at) "
                         "SELECT indicator_id, school_year, municipality, institution_id, category, value, source, "
                         "published_on, $7::text, $8::timestamptz FROM official_figure WHERE indicator_id = $1 AND "
                         "school_year = $2 AND municipality = $3 AND institution_id = $4 AND category = $5 AND "
                         "value <> $6::double precision FOR UPDATE",
                         history));
  if (kept.affected() == 0) return Outcome::kSame;
  TILTS_CHECK(
      unit.Exec("UPDATE official_figure SET value = $6, source = $7, published_on = $8 WHERE indicator_id = $1 AND "
                "school_year = $2 AND municipality = $3 AND institution_id = $4 AND category = $5",
                all));
  return Outcome::kRestated;
}

}  // namespace

core::Result<Imported> OfficialFigures::Put(postgres::UnitOfWork& unit, const std::vector<OfficialFigure>& figures,
                                            const std::string& replaced_by, std::optional<core::CityTime> at) {
  Imported imported;
  for (const OfficialFigure& figure : figures) {
    TILTS_ASSIGN(const Outcome outcome, PutOne(unit, figure, replaced_by, at));
    if (outcome == Outcome::kAdded) ++imported.added;
    if (outcome == Outcome::kRestated) ++imported.restated;
  }
  return imported;
}

core::Result<std::vector<OfficialFigure>> OfficialFigures::List(postgres::UnitOfWork& unit,
                                                                const std::string& indicator_id,
                                                                const std::string& school_year) {
  TILTS_ASSIGN(const auto rows,
               unit.Exec("SELECT indicator_id, school_year, municipality, institution_id, category, value, source, "
                         "published_on FROM official_figure WHERE ($1 = '' OR indicator_id = $1) AND "
                         "($2 = '' OR school_year = $2) ORDER BY 1, 2, 3, 4, 5",
                         {indicator_id, school_year}));
  std::vector<OfficialFigure> figures;
  for (const postgres::Row row : rows) {
    OfficialFigure& figure = figures.emplace_back();
    figure.set_indicator_id(row.Text(0));
    figure.set_school_year(row.Text(1));
    figure.set_municipality(row.Text(2));
    figure.set_institution_id(row.Text(3));
    figure.set_category(row.Text(4));
    figure.set_value(row.Double(5));
    figure.set_source(row.Text(6));
    figure.set_published_on(row.Text(7));
  }
  return figures;
}

core::Status OfficialFigures::LoadFiles(postgres::UnitOfWork& unit, const DefinitionBook& book,
                                        const std::vector<DataFile>& files) {
  for (const DataFile& each : files) {
    TILTS_ASSIGN(const auto file, ParseOfficialFile(book, each.text));
    TILTS_ASSIGN(const auto fresh, unit.Exec("INSERT INTO official_file VALUES ($1, $2) ON CONFLICT DO NOTHING",
                                             {each.name, file.version()}));
    if (fresh.affected() == 0) continue;
    TILTS_CHECK(
        Put(unit, {file.figures().begin(), file.figures().end()}, each.name + " " + file.version(), std::nullopt));
  }
  return {};
}

}  // namespace tilts::indicator_aggregation
