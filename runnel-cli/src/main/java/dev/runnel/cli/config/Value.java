package dev.runnel.cli.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.CollectionNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** The value of a key. Each reading either gives it as a type, or reports what is wrong with it and gives nothing. */
final class Value {
    private final String path;
    private final Node node;
    private final Findings findings;

    Value(String path, Node node, Findings findings) {
        this.path = path;
        this.node = node;
        this.findings = findings;
    }

    boolean isText() {
        return node instanceof ScalarNode;
    }

    Optional<String> text() {
        if (node instanceof ScalarNode scalar) {
            return Optional.of(scalar.getValue());
        }
        return wrong("expected text, found " + kind());
    }

    /** YAML 1.1 has eleven spellings of each, and files in use have all of them. */
    Optional<Boolean> bool() {
        String word = node instanceof ScalarNode scalar && scalar.isPlain() ? scalar.getValue() : "";
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on", "y" -> Optional.of(Boolean.TRUE);
            case "false", "no", "off", "n" -> Optional.of(Boolean.FALSE);
            default -> wrong("expected true or false, found " + found());
        };
    }

    Optional<Duration> duration() {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(GoDuration.parse(text.get()));
        } catch (IllegalArgumentException _) {
            boolean isNumber = text.get().matches("[0-9]+");
            String example = isNumber ? text.get() + "s or " + text.get() + "ms" : "500ms, 10s, 5m or 1h30m";
            return wrong("expected a duration such as " + example + ", found " + found());
        }
    }

    /** A duration above zero. */
    Optional<Duration> interval() {
        Optional<Duration> duration = duration();
        if (duration.isPresent() && !duration.get().isPositive()) {
            return wrong("must be greater than 0, found " + found());
        }
        return duration;
    }

    Optional<Long> byteSize() {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ByteSize.parse(text.get()));
        } catch (IllegalArgumentException _) {
            return wrong("expected a size such as 64MiB or 100MB, found " + found());
        }
    }

    /** One of some words, in any case, as the enum constant of that name. */
    <E extends Enum<E>> Optional<E> oneOf(Class<E> type) {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        List<String> words = new ArrayList<>();
        for (E constant : type.getEnumConstants()) {
            String word = constant.name().toLowerCase(Locale.ROOT);
            if (word.equalsIgnoreCase(text.get())) {
                return Optional.of(constant);
            }
            words.add(word);
        }
        return wrong("expected " + String.join(" or ", words) + ", found " + found());
    }

    /** The text as something else; what the reader says with an IllegalArgumentException is the problem. */
    <T> Optional<T> as(Function<String, ? extends T> reader) {
        Optional<String> text = text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(text.get()));
        } catch (IllegalArgumentException e) {
            return wrong(String.valueOf(e.getMessage()));
        }
    }

    Optional<Section> section() {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new Section(path, mapping, findings));
        }
        return wrong("expected keys and values, found " + kind());
    }

    List<Value> items() {
        if (!(node instanceof SequenceNode sequence)) {
            wrong("expected a list, found " + kind());
            return List.of();
        }
        List<Value> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new Value(path + "[" + items.size() + "]", item, findings));
        }
        return items;
    }

    <T> Optional<T> wrong(String message) {
        findings.problem(node, path, asWritten(message));
        return Optional.empty();
    }

    /** The message with the text of the file in place of what variables stand for, which may be secret. */
    private String asWritten(String message) {
        Optional<String> written = findings.asWritten(node);
        if (written.isEmpty() || !(node instanceof ScalarNode scalar)) {
            return message;
        }
        String hidden = scalar.getValue().isEmpty() ? message : message.replace(scalar.getValue(), written.get());
        return hidden + " (after the environment variable is expanded)";
    }

    static boolean isNothing(@Nullable Node node) {
        return node instanceof ScalarNode scalar
                && scalar.isPlain()
                && (scalar.getValue().isEmpty()
                        || scalar.getValue().equals("~")
                        || scalar.getValue().equalsIgnoreCase("null"));
    }

    /** Whether a value leaves a key as if it were not there: Litestream takes an empty text for none. */
    static boolean isUnset(@Nullable Node node) {
        return isNothing(node)
                || (node instanceof ScalarNode scalar && scalar.getValue().isEmpty());
    }

    /** Whether a value switches something off, so that it makes no difference that there is nothing to switch. */
    static boolean saysOff(@Nullable Node node) {
        return switch (node) {
            case null -> true;
            case ScalarNode scalar -> isUnset(scalar) || isPlainFalse(scalar) || isZeroDuration(scalar);
            case CollectionNode<?> collection -> collection.getValue().isEmpty() || isDisabled(collection);
            default -> false;
        };
    }

    private static boolean isDisabled(CollectionNode<?> collection) {
        return collection instanceof MappingNode mapping
                && (mapping.getValue().stream().allMatch(tuple -> saysOff(tuple.getValueNode()))
                        || mapping.getValue().stream()
                                .anyMatch(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                                        && key.getValue().equals("enabled")
                                        && saysOff(tuple.getValueNode())));
    }

    private static boolean isZeroDuration(ScalarNode scalar) {
        try {
            return GoDuration.parse(scalar.getValue()).isZero();
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isPlainFalse(ScalarNode scalar) {
        return scalar.isPlain()
                && switch (scalar.getValue().toLowerCase(Locale.ROOT)) {
                    case "false", "no", "off", "n" -> true;
                    default -> false;
                };
    }

    private String found() {
        return node instanceof ScalarNode scalar ? "\"" + scalar.getValue() + "\"" : kind();
    }

    private String kind() {
        return switch (node) {
            case MappingNode _ -> "keys and values";
            case SequenceNode _ -> "a list";
            default -> found();
        };
    }
}
