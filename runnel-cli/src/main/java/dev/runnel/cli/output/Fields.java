package dev.runnel.cli.output;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Named values, as JSON or as one line for each. */
public final class Fields {
    private final JsonObject values = new JsonObject();

    /** Adds a value; one that is missing is left out. */
    public Fields add(String name, @Nullable JsonElement value) {
        if (value != null) {
            values.add(name, value);
        }
        return this;
    }

    public Fields add(String name, String value) {
        return add(name, new JsonPrimitive(value));
    }

    public Fields add(String name, long value) {
        return add(name, new JsonPrimitive(value));
    }

    public void print(PrintStream out, boolean asJson) throws IOException {
        if (asJson) {
            Json.print(out, values);
        } else {
            values.asMap().forEach((name, value) -> out.println(name + ": " + value.getAsString()));
        }
    }
}
