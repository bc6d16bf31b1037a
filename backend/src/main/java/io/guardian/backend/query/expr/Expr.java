package io.guardian.backend.query.expr;

import io.guardian.core.text.Json;
import java.util.List;

/** A test of one record. */
public sealed interface Expr {
    boolean matches(Json.Obj record);

    record And(List<Expr> all) implements Expr {
        public And {
            all = List.copyOf(all);
        }

        @Override
        public boolean matches(Json.Obj record) {
            for (var each : all) {
                if (!each.matches(record)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Or(List<Expr> any) implements Expr {
        public Or {
            any = List.copyOf(any);
        }

        @Override
        public boolean matches(Json.Obj record) {
            for (var each : any) {
                if (each.matches(record)) {
                    return true;
                }
            }
            return false;
        }
    }

    record Not(Expr negated) implements Expr {
        @Override
        public boolean matches(Json.Obj record) {
            return !negated.matches(record);
        }
    }

    /** The schema string begins with the prefix. */
    record Schema(String prefix) implements Expr {
        @Override
        public boolean matches(Json.Obj record) {
            return record.text("schema").startsWith(prefix);
        }
    }

    /** One property meets a test; a missing one meets none but {@link PropertyTest.Exists}. */
    record Property(String path, PropertyTest test) implements Expr {
        @Override
        public boolean matches(Json.Obj record) {
            return test.holds(record.at(path).orElse(Json.Null.VALUE));
        }
    }

    /** Everything. */
    Expr TRUE = new And(List.of());
}
