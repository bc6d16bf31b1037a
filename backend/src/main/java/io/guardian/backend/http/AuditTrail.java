package io.guardian.backend.http;

import io.guardian.backend.meta.AuditEntry;
import io.guardian.backend.meta.AuditLog;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes the audit log: every change, and everything denied to someone whose organisation is known. */
final class AuditTrail {
    private static final Logger LOG = System.getLogger(AuditTrail.class.getName());

    private final AuditLog log;

    AuditTrail(AuditLog log) {
        this.log = log;
    }

    void keep(Exchange exchange, int status) {
        var call = exchange.call();
        var endpoint = exchange.endpoint();
        if (call.isEmpty() || endpoint.isEmpty() || call.get().caller().orgUid().isEmpty()) {
            return;
        }
        boolean denied = status == 403;
        if (endpoint.get().operation().isEmpty() && !denied) {
            return;
        }
        try {
            log.append(entry(exchange, endpoint.get(), call.get(), status));
        } catch (RuntimeException fault) {
            LOG.log(Level.ERROR, "can't write the audit log for " + exchange.line(), fault);
        }
    }

    private static AuditEntry entry(Exchange exchange, Endpoint endpoint, Call call, int status) {
        var note = call.note();
        String operation = endpoint.operation().isEmpty() ? exchange.line() : endpoint.operation();
        return new AuditEntry(
                call.caller().orgUid(),
                exchange.arrived(),
                call.caller().principal(),
                call.caller().type(),
                operation,
                note.objectUid(),
                note.objectName(),
                note.objectVersion(),
                note.reason(),
                result(status),
                status,
                exchange.sourceIp(),
                exchange.contextUid(),
                note.message(),
                note.change());
    }

    private static String result(int status) {
        return status == 403 ? "denied" : status < 400 ? "ok" : "failed";
    }
}
