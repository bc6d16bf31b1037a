package io.guardian.backend.query.search;

import io.guardian.backend.meta.Mint;
import io.guardian.backend.store.History;
import io.guardian.backend.store.HistoryBusyException;
import io.guardian.core.text.Json;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * The searches under way and those whose results can still be read. Four run at a time, the others wait; 100 are kept
 * for an organisation and 400 in all. A job ends 15 minutes after it was last asked for, and runs 5 minutes at most.
 */
public final class SearchJobs implements AutoCloseable {
    private static final Logger LOG = System.getLogger(SearchJobs.class.getName());
    private static final int THREADS = 4;
    private static final int MAX_JOBS = 400;
    private static final int MAX_JOBS_OF_ONE = 100;
    private static final long MAX_KEPT_CHARACTERS = 64L << 20;
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private final History history;
    private final Mint mint;
    private final Clock clock;
    private final ExecutorService threads = Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().name("search-", 0).daemon().factory());
    private final Map<String, Job> jobs = new HashMap<>();

    public SearchJobs(History history, Mint mint, Clock clock) {
        this.history = history;
        this.mint = mint;
        this.clock = clock;
    }

    private static final class Job {
        private final String org;
        private final CompletableFuture<Search.Result> result = new CompletableFuture<>();
        private volatile Instant lastAsked;
        private volatile Instant deadline = Instant.MAX;
        private volatile boolean cancelled;

        Job(String org, Instant now) {
            this.org = org;
            this.lastAsked = now;
        }

        /** Size of the result, 0 before it is there. */
        long characters() {
            return result.state() == Future.State.SUCCESS ? result.resultNow().characters() : 0;
        }
    }

    /** One page of a finished search; {@code token} is empty behind the last. */
    public record Page(List<Json.Obj> rows, String token, int resultCount, boolean truncated) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    /** Starts a search and returns the id of its job. */
    public String submit(SearchRequest request, UnaryOperator<Json.Obj> completed) {
        var job = new Job(request.org(), clock.instant());
        String id = mint.uid("s-");
        synchronized (jobs) {
            forgetOld();
            if (jobs.size() >= MAX_JOBS || countOf(request.org()) >= MAX_JOBS_OF_ONE) {
                throw new SearchFailure(429, "too many searches are kept, read or cancel some");
            }
            jobs.put(id, job);
        }
        try {
            threads.execute(() -> run(job, request, completed));
        } catch (RejectedExecutionException closing) {
            throw new SearchFailure(503, "the server is stopping");
        }
        return id;
    }

    private long countOf(String org) {
        return jobs.values().stream().filter(job -> job.org.equals(org)).count();
    }

    private void forgetOld() {
        var limit = clock.instant().minus(KEPT);
        jobs.values().removeIf(job -> job.lastAsked.isBefore(limit));
    }

    private void run(Job job, SearchRequest request, UnaryOperator<Json.Obj> completed) {
        job.deadline = clock.instant().plus(LONGEST);
        try {
            job.result.complete(new Search(history, request, completed, () -> isOver(job)).run());
            makeRoom(job);
        } catch (SearchFailure failure) {
            job.result.completeExceptionally(failure);
        } catch (HistoryBusyException busy) {
            job.result.completeExceptionally(new SearchFailure(503, "too many queries are running, try again"));
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "a search failed", fault);
            job.result.completeExceptionally(
                    new SearchFailure(500, "the search failed, the server's log has the details"));
        }
    }

    /** The results that were not asked for longest give way to new ones. */
    private void makeRoom(Job newest) {
        synchronized (jobs) {
            while (jobs.values().stream().mapToLong(Job::characters).sum() > MAX_KEPT_CHARACTERS) {
                var oldest = jobs.entrySet().stream()
                        .filter(entry ->
                                entry.getValue() != newest && entry.getValue().characters() > 0)
                        .min(Comparator.comparing(entry -> entry.getValue().lastAsked));
                if (oldest.isEmpty()) {
                    return;
                }
                jobs.remove(oldest.get().getKey());
            }
        }
    }

    private boolean isOver(Job job) {
        if (clock.instant().isAfter(job.deadline)) {
            throw new SearchFailure(400, "search took longer than 5 minutes, narrow the time window or the query");
        }
        return job.cancelled;
    }

    /**
     * A page of the result; empty when the search still runs after {@code patience}.
     *
     * @param token of an earlier page, or empty for the first
     */
    public Optional<Page> page(String org, String id, String token, int limit, Duration patience)
            throws InterruptedException {
        var job = job(org, id);
        try {
            var result = job.result.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            job.lastAsked = clock.instant();
            return Optional.of(page(result, token, limit));
        } catch (TimeoutException running) {
            job.lastAsked = clock.instant();
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof SearchFailure failure
                    ? failure
                    : new SearchFailure(500, "the search failed, the server's log has the details");
        }
    }

    private static Page page(Search.Result result, String token, int limit) {
        int start = token.isEmpty() ? 0 : offset(token);
        int size = result.rows().size();
        if (start > size) {
            throw new SearchFailure(400, "token `" + token + "` belongs to no page");
        }
        int end = Math.min(size, start + limit);
        return new Page(result.rows().subList(start, end), end < size ? "o" + end : "", size, result.truncated());
    }

    private static int offset(String token) {
        try {
            if (token.startsWith("o")) {
                return Integer.parseUnsignedInt(token, 1, token.length(), 10);
            }
        } catch (NumberFormatException notOurs) {
            // Refused below.
        }
        throw new SearchFailure(400, "token `" + token + "` belongs to no page");
    }

    private Job job(String org, String id) {
        synchronized (jobs) {
            forgetOld();
            var job = jobs.get(id);
            if (job == null || !job.org.equals(org)) {
                throw new SearchFailure(404, "search `" + id + "` is unknown or has expired");
            }
            return job;
        }
    }

    public void cancel(String org, String id) {
        job(org, id).cancelled = true;
        synchronized (jobs) {
            jobs.remove(id);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        synchronized (jobs) {
            jobs.values().forEach(job -> job.cancelled = true);
        }
    }
}
