package io.guardian.backend.http;

import io.guardian.backend.meta.MetaStore;
import io.guardian.backend.store.HistoryBusyException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The one handler of the web server: finds the endpoint, lets {@link Gate} decide, calls the handler, writes the answer
 * and keeps the audit log. Everything that all resources share happens here, once.
 */
public final class Dispatcher implements Handler {
    private static final Logger LOG = System.getLogger(Dispatcher.class.getName());

    private static final int RETRY_AFTER_SECONDS = 5;

    private final Router router;
    private final List<Endpoint> endpoints;
    private final Gate gate;
    private final Clock clock;
    private final AuditTrail trail;
    private final Idempotency idempotency = new Idempotency();
    private final Map<Integer, LongAdder> answersByStatus = new ConcurrentHashMap<>();

    public Dispatcher(List<Endpoint> endpoints, MetaStore meta, Clock clock) {
        this.endpoints = List.copyOf(endpoints);
        this.router = new Router(endpoints);
        this.gate = new Gate(meta, clock);
        this.clock = clock;
        this.trail = new AuditTrail(meta.audit());
    }

    public List<Endpoint> endpoints() {
        return endpoints;
    }

    /** Answers given since the start, by status. */
    public Map<Integer, Long> answersByStatus() {
        var counts = new HashMap<Integer, Long>();
        answersByStatus.forEach((status, count) -> counts.put(status, count.sum()));
        return counts;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        var exchange = new Exchange(request, response, clock.instant());
        int status = answerAndKeep(exchange);
        answersByStatus.computeIfAbsent(status, _ -> new LongAdder()).increment();
        LOG.log(Level.DEBUG, "{0} {1} {2}", exchange.contextUid(), status, exchange.line());
    }

    /** The audit record is on disk before the caller hears of the change. */
    private int answerAndKeep(Exchange exchange) {
        Answer answer;
        try {
            answer = answer(exchange);
            trail.keep(exchange, answer.status());
            return exchange.send(answer);
        } catch (Refusal refusal) {
            answer = error(refusal);
        } catch (RuntimeException fault) {
            answer = fault(exchange, fault);
        }
        trail.keep(exchange, answer.status());
        return exchange.send(answer);
    }

    private static Answer fault(Exchange exchange, RuntimeException fault) {
        if (fault instanceof HistoryBusyException) {
            return error(Refusal.notReady("too many queries are running, try again", RETRY_AFTER_SECONDS));
        }
        if (fault instanceof CloseConnectionException) {
            throw fault;
        }
        LOG.log(Level.ERROR, "request " + exchange.contextUid() + " failed: " + exchange.line(), fault);
        return error(Refusal.of(500, "the server failed, its log has the details"));
    }

    private Answer answer(Exchange exchange) {
        var verb = Verb.parse(exchange.method())
                .orElseThrow(() -> Refusal.notFound("no method `" + exchange.method() + "` here"));
        var found = router.find(verb, exchange.rawPath())
                .orElseThrow(() -> Refusal.notFound("nothing at " + verb + " `" + exchange.rawPath() + "`"));
        var endpoint = found.endpoint();
        exchange.reached(endpoint);
        var caller = gate.identify(
                endpoint.access(),
                exchange.header(HeaderNames.AUTHORIZATION.defaultCase()).orElse(""));
        exchange.callBy(caller, found.params());
        gate.check(endpoint.access(), caller, found.params());
        return idempotency.answer(exchange, endpoint);
    }

    private static Answer error(Refusal refusal) {
        Answer answer = new Answer.Value(refusal.body(), refusal.status(), Map.of());
        return refusal.retryAfterSeconds() == 0
                ? answer
                : answer.withHeader("Retry-After", Integer.toString(refusal.retryAfterSeconds()));
    }

    /** The caller's choice, when it is fit to be printed and logged. */
    static Optional<String> usableContext(String text) {
        boolean usable = !text.isEmpty()
                && text.length() <= 128
                && text.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '"' && c != '\\');
        return usable ? Optional.of(text) : Optional.empty();
    }
}
