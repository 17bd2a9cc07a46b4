package dev.runnel.cli.config;

/**
 * One thing that is wrong in a configuration file. What it quotes of the file that may be secret is taken out here.
 *
 * @param line counted from 1
 * @param column counted from 1
 * @param path which key, such as {@code dbs[0].replica.url}; empty for the file as a whole
 * @param message what was found, and what to write
 */
public record Problem(int line, int column, String path, String message) {
    public Problem {
        // Each by itself: a key that is called secret stands right before the text that is about it.
        path = Redaction.of(path);
        message = Redaction.of(message);
    }

    @Override
    public String toString() {
        return "line " + line + ", column " + column + ": " + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
