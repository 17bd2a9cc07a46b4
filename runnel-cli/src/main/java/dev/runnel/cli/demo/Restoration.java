package dev.runnel.cli.demo;

import com.google.gson.JsonParser;
import dev.runnel.ltx.Txid;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A {@code runnel restore} to be run.
 *
 * @param target the time to go back to, or nothing for the newest state
 */
record Restoration(OwnProgram program, Path folder, String output, Optional<Instant> target) {
    Path database() {
        return folder.resolve(output);
    }

    /** What a user would type. */
    String commandLine() {
        return "runnel " + String.join(" ", arguments());
    }

    /** Runs it and gives the TXID it has reached. */
    Txid run() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(arguments());
        arguments.addAll(1, List.of("-json", "-quiet"));
        Process process = program.prepare(folder, arguments)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String result = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(commandLine() + " failed");
        }
        return Txid.parse(
                JsonParser.parseString(result).getAsJsonObject().get("txid").getAsString());
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("restore", "-o", output));
        target.ifPresent(time -> arguments.addAll(List.of("-timestamp", time.toString())));
        arguments.add("replica");
        return arguments;
    }
}
