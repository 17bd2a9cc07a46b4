package dev.runnel.cli.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What a request says: its method, its path, and its values, of the query of a GET or of the JSON of a POST. */
record ControlRequest(String method, String path, JsonObject values) {
    private static final int MILLIS = 1000;
    private static final double MOST_SECONDS = Duration.ofDays(1).toSeconds();

    static ControlRequest of(HttpMessage message) throws ControlException {
        String method = message.word(0).orElse("");
        String target = message.word(1).orElse("");
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        return new ControlRequest(
                method,
                path,
                method.equals("POST")
                        ? parse(message.text())
                        : query(question < 0 ? "" : target.substring(question + 1)));
    }

    private static JsonObject parse(String body) throws ControlException {
        try {
            if (JsonParser.parseString(body) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonParseException _) {
            // Said below.
        }
        throw ControlException.badRequest("invalid request body");
    }

    private static JsonObject query(String text) throws ControlException {
        JsonObject values = new JsonObject();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.addProperty(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decode(String text) throws ControlException {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw ControlException.badRequest("invalid query: " + text);
        }
    }

    /** A text; empty if it is missing or empty. */
    Optional<String> text(String name) throws ControlException {
        Optional<JsonPrimitive> value = primitive(name);
        if (value.isPresent() && !value.get().isString()) {
            throw ControlException.badRequest(name + ": expected a text, found " + value.get());
        }
        return value.map(JsonPrimitive::getAsString).filter(text -> !text.isEmpty());
    }

    /** False if it is missing. */
    boolean flag(String name) throws ControlException {
        Optional<JsonPrimitive> value = primitive(name);
        if (value.isPresent() && !value.get().isBoolean()) {
            throw ControlException.badRequest(name + ": expected true or false, found " + value.get());
        }
        return value.isPresent() && value.get().getAsBoolean();
    }

    /** A number of seconds, up to a day; the initial one if it is missing, zero or less. */
    Duration seconds(String name, Duration initial) throws ControlException {
        Optional<JsonPrimitive> value = primitive(name);
        if (value.isEmpty()) {
            return initial;
        }
        try {
            double seconds = value.get().getAsDouble();
            return seconds > 0 ? Duration.ofMillis((long) (Math.min(seconds, MOST_SECONDS) * MILLIS)) : initial;
        } catch (NumberFormatException _) {
            throw ControlException.badRequest(name + ": expected a number of seconds, found " + value.get());
        }
    }

    /** A whole number that is not negative. */
    Optional<Long> number(String name) throws ControlException {
        Optional<JsonPrimitive> value = primitive(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            long number = Long.parseLong(value.get().getAsString());
            if (number >= 0) {
                return Optional.of(number);
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw ControlException.badRequest(name + ": expected a whole number, found " + value.get());
    }

    private Optional<JsonPrimitive> primitive(String name) throws ControlException {
        JsonElement value = values.get(name);
        if (value == null || value.isJsonNull()) {
            return Optional.empty();
        }
        if (value instanceof JsonPrimitive primitive) {
            return Optional.of(primitive);
        }
        throw ControlException.badRequest(name + ": expected one value, found " + value);
    }
}
