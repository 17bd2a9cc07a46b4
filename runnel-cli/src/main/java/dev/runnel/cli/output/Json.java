package dev.runnel.cli.output;

import com.google.gson.FormattingStyle;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/** One JSON document on a stream, indented by two spaces. */
public final class Json {
    private static final Gson PRETTY = new GsonBuilder().disableHtmlEscaping().create();

    private Json() {}

    /** Writes a document and a newline after it. */
    public static void print(PrintStream out, Document document) throws IOException {
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        JsonWriter json = new JsonWriter(text);
        json.setFormattingStyle(FormattingStyle.PRETTY);
        document.writeTo(json);
        json.flush();
        text.write('\n');
        text.flush();
    }

    /** Writes what is JSON already. */
    public static void print(PrintStream out, JsonElement json) throws IOException {
        print(out, writer -> PRETTY.toJson(json, writer));
    }

    /** Writes the values of a document. */
    @FunctionalInterface
    public interface Document {
        void writeTo(JsonWriter json) throws IOException;
    }
}
