package dev.runnel.cli.config;

import dev.runnel.platform.RunnelException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with everything that is wrong in it. */
public final class ConfigException extends RunnelException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    private ConfigException(String message, String nextStep, List<Problem> problems) {
        super(message, nextStep, null);
        this.problems = List.copyOf(problems);
    }

    static ConfigException of(String source, List<Problem> problems) {
        return new ConfigException(describe(source, problems), "", problems);
    }

    static ConfigException notFound(Path file) {
        return new ConfigException("config file not found: " + file, "-config PATH", List.of());
    }

    /** There is no file at any of the places where one is looked for. */
    static ConfigException noneFound(Path first, Path second) {
        return new ConfigException(
                "config file not found: " + second, "-config PATH; there is no " + first + " either", List.of());
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String describe(String source, List<Problem> problems) {
        if (problems.size() == 1) {
            return source + ", " + problems.getFirst();
        }
        return problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining("", source + " has " + problems.size() + " problems:", ""));
    }
}
