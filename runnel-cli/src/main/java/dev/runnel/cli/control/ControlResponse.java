package dev.runnel.cli.control;

import com.google.gson.JsonObject;

/** What a request has led to: a status of HTTP, and JSON. */
record ControlResponse(int status, JsonObject body) {
    private static final int OK = 200;

    static ControlResponse ok(JsonObject body) {
        return new ControlResponse(OK, body);
    }

    static ControlResponse error(int status, String message) {
        JsonObject body = new JsonObject();
        body.addProperty("error", message);
        return new ControlResponse(status, body);
    }
}
