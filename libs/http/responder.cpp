#include "http/server.hpp"

namespace tilts::http {

Responder& Responder::operator=(Responder&& other) noexcept {
  if (this != &other) {
    Abandon();
    send_ = std::exchange(other.send_, nullptr);
  }
  return *this;
}

void Responder::operator()(Response response) {
  if (auto send = std::exchange(send_, nullptr)) send(std::move(response));
}

void Responder::Abandon() {
  if (send_) (*this)(PlainProblem(500, "internal error"));
}

}  // namespace tilts::http
