// Child processes on the loop: output as it comes, the end by pidfd, TERM then KILL at the time-out.
#include "common/io/child.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>

#include "common/io/spawn.hpp"

namespace relevo::io {
namespace asio = boost::asio;
using Stream = asio::posix::stream_descriptor;

// Lives as long as one of its waits does: a destroyed Child still has its process reaped, silently.
struct Child::Impl : std::enable_shared_from_this<Child::Impl> {
  Impl(Loop& l, ChildSpec s, std::function<void(ChildResult)> done)
      : loop(l), spec(std::move(s)), on_done(std::move(done)), out(l.context()), err(l.context()), end(l.context()),
        timer(l) {}

  Loop& loop;
  ChildSpec spec;
  std::function<void(ChildResult)> on_done;  // empty once called or no longer wanted
  Spawned child;
  Stream out, err, end;
  Timer timer;
  Instant started{};
  ChildResult result;
  bool reaped = false;
  bool told_to_end = false;

  void start() {
    started = loop.now();
    auto spawned = spawn(spec, -1);
    if (!spawned) {
      result.error = spawned.error().message;
      loop.post([self = shared_from_this()] { self->finish(); });
      return;
    }
    result.started = true;
    child = std::move(*spawned);
    out.assign(child.out.release());
    err.assign(child.err.release());
    end.assign(child.pidfd.release());
    watch_output(out, result.out);
    watch_output(err, result.err);
    watch_end();
    if (spec.timeout > Duration(0)) {
      timer.after(spec.timeout, [this] {
        result.timed_out = true;
        end_group();
      });
    }
  }

  void watch_output(Stream& stream, std::string& into) {
    stream.async_wait(Stream::wait_read,
                      [self = shared_from_this(), &stream, &into](const boost::system::error_code& error) {
                        if (error || self->reaped) return;
                        if (drain(stream.native_handle(), into, self->spec.output_limit)) return;
                        self->watch_output(stream, into);
                      });
  }

  void watch_end() {
    end.async_wait(Stream::wait_read, [self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->on_end();
    });
  }

  void on_end() {
    timer.cancel();
    // Whoever the process left behind in its group dies with it, but only when it was made to end: a start action
    // may leave its service there. Before the reaping, while the group's number is surely ours.
    if (told_to_end) signal_group(child.pid, SIGKILL);
    drain(out.native_handle(), result.out, spec.output_limit);
    drain(err.native_handle(), result.err, spec.output_limit);
    reap(child, result);
    reaped = true;
    boost::system::error_code ignored;
    out.close(ignored);
    err.close(ignored);
    end.close(ignored);
    finish();
  }

  void finish() {
    result.run_time = loop.now() - started;
    if (const auto done = std::exchange(on_done, nullptr)) done(std::move(result));
  }

  void end_group() {
    if (!result.started || reaped || told_to_end) return;
    told_to_end = true;
    signal_group(child.pid, SIGTERM);
    signal_group(child.pid, SIGCONT);  // a stopped process would not see the TERM
    timer.after(spec.grace, [this] {
      if (!reaped) signal_group(child.pid, SIGKILL);
    });
  }

  void abandon() {
    on_done = nullptr;
    timer.cancel();
    if (!result.started || reaped) return;
    told_to_end = true;
    signal_group(child.pid, SIGKILL);
  }
};

Child::Child() = default;
Child::~Child() { impl_->abandon(); }

std::unique_ptr<Child> Child::run(Loop& loop, ChildSpec spec, std::function<void(ChildResult)> on_done) {
  std::unique_ptr<Child> child(new Child);
  child->impl_ = std::make_shared<Impl>(loop, std::move(spec), std::move(on_done));
  child->impl_->start();
  return child;
}

void Child::terminate() { impl_->end_group(); }
pid_t Child::pid() const { return impl_->child.pid; }

}  // namespace relevo::io
