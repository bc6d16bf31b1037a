package io.guardian.checks.admission;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import io.guardian.core.text.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an API server does with a ValidatingAdmissionPolicy: its variables in order, then its validations. */
final class AdmissionReview {
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addLibraries(CelExtensions.strings())
            .addVar("object", SimpleType.DYN)
            .addVar("oldObject", SimpleType.DYN)
            .addVar("namespaceObject", SimpleType.DYN)
            .addVar("request", SimpleType.DYN)
            .addVar("variables", SimpleType.DYN)
            .build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.standardCelRuntimeBuilder()
            .addLibraries(CelExtensions.strings())
            .build();

    private final Map<String, CelRuntime.Program> variables = new LinkedHashMap<>();
    private final CelRuntime.Program validation;
    private final CelRuntime.Program message;

    AdmissionReview(Json.Obj policy) throws CelValidationException, CelEvaluationException {
        var spec = policy.object("spec");
        for (var variable : spec.array("variables").objects()) {
            variables.put(variable.text("name"), program(variable.text("expression")));
        }
        var only = spec.array("validations").objects().getFirst();
        validation = program(only.text("expression"));
        message = program(only.text("messageExpression"));
    }

    private static CelRuntime.Program program(String expression) throws CelValidationException, CelEvaluationException {
        return RUNTIME.createProgram(COMPILER.compile(expression).getAst());
    }

    /** @param refused names of the containers that are not allowed */
    record Answer(boolean admitted, List<String> refused, String message) {}

    /** A pod that is made. */
    Answer create(Map<String, Object> pod, Map<String, Object> namespace) throws CelEvaluationException {
        return review("CREATE", pod, Map.of(), namespace);
    }

    Answer update(Map<String, Object> pod, Map<String, Object> before, Map<String, Object> namespace)
            throws CelEvaluationException {
        return review("UPDATE", pod, before, namespace);
    }

    private Answer review(
            String operation, Map<String, Object> pod, Map<String, Object> before, Map<String, Object> namespace)
            throws CelEvaluationException {
        var known = new LinkedHashMap<String, Object>();
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("object", pod);
        input.put("oldObject", before);
        input.put("namespaceObject", namespace);
        input.put("request", Map.of("operation", operation));
        input.put("variables", known);
        for (var variable : variables.entrySet()) {
            known.put(variable.getKey(), variable.getValue().eval(input));
        }
        boolean admitted = (Boolean) validation.eval(input);
        var names = new ArrayList<String>();
        for (var refused : (List<?>) known.getOrDefault("refused", List.of())) {
            names.add(String.valueOf(((Map<?, ?>) refused).get("name")));
        }
        return new Answer(admitted, names, admitted ? "" : (String) message.eval(input));
    }
}
