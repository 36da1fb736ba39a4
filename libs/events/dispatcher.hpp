#pragma once

#include <tilts/events/v1/envelope.pb.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "core/result.hpp"
#include "events/envelope_codec.hpp"

namespace tilts::events {

// Calls the handler registered for the envelope's event type. `Context` is what handlers write through: a
// postgres::UnitOfWork for services with SQL. A type of the catalogue that nobody registered is not this consumer's
// business and counts as handled.
//
//   Dispatcher<postgres::UnitOfWork> dispatcher;
//   dispatcher.On<cases::v1::CaseOpened>([&](postgres::UnitOfWork& unit, const Envelope& envelope, const auto& event) {
//     return router.Route(unit, envelope, event);
//   });
template <typename Context>
class Dispatcher {
 public:
  using Handler = std::function<core::Status(Context&, const v1::Envelope&)>;

  template <typename Event, typename Function>
  void On(Function function) {
    handlers_[std::string(Event::descriptor()->full_name())] =
        [function = std::move(function)](Context& context, const v1::Envelope& envelope) -> core::Status {
      Event event;
      TILTS_CHECK(DecodeEventInto(envelope, event));
      return function(context, envelope, std::as_const(event));
    };
  }

  bool Handles(std::string_view type) const { return handlers_.find(type) != handlers_.end(); }

  core::Status Dispatch(Context& context, const v1::Envelope& envelope) const {
    const auto found = handlers_.find(std::string_view(envelope.type()));
    if (found == handlers_.end()) return {};
    return found->second(context, envelope);
  }

 private:
  std::map<std::string, Handler, std::less<>> handlers_;
};

}  // namespace tilts::events
