package dev.runnel.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A recorded run of Litestream.
 *
 * @param arguments without the name of the program
 * @param stderr with our name in the place of Litestream's
 */
record GoldenCase(
        String id, List<String> arguments, Map<String, String> environment, int exit, String stdout, String stderr) {
    static List<GoldenCase> readAll(Path file) throws IOException {
        List<GoldenCase> cases = new ArrayList<>();
        for (JsonElement element :
                JsonParser.parseString(Files.readString(file)).getAsJsonArray()) {
            cases.add(read(element.getAsJsonObject()));
        }
        return cases;
    }

    private static GoldenCase read(JsonObject json) {
        List<String> arguments = new ArrayList<>();
        json.getAsJsonArray("argv").forEach(argument -> arguments.add(argument.getAsString()));
        Map<String, String> environment = new TreeMap<>();
        if (json.has("env")) {
            json.getAsJsonObject("env")
                    .entrySet()
                    .forEach(entry ->
                            environment.put(entry.getKey(), entry.getValue().getAsString()));
        }
        return new GoldenCase(
                json.get("id").getAsString(),
                arguments.subList(1, arguments.size()),
                environment,
                json.get("exit").getAsInt(),
                json.get("stdout").getAsString(),
                json.get("stderr").getAsString().replace("litestream ", "runnel "));
    }

    String command() {
        return arguments.isEmpty() ? "" : arguments.getFirst();
    }

    /** Whether the recording only says that there was a help text. */
    boolean printsUsage() {
        return stdout.equals("<USAGE TEXT>");
    }

    /** What the last line of the error stream that is no advice says. */
    String error() {
        return lastError(stderr);
    }

    static String lastError(String stderr) {
        return stderr.lines()
                .filter(line -> !line.startsWith("Try: "))
                .reduce((_, last) -> last)
                .orElse("");
    }
}
