package dev.runnel.setup;

import java.util.regex.Pattern;

/**
 * A pattern for the name of a file, as Go's {@code filepath.Match} reads it: {@code *} is any text, {@code ?} one character,
 * {@code [a-z]} and {@code [^a-z]} one of some characters, and a backslash takes the next character as it is.
 */
public final class GlobPattern {
    private final String text;
    private final Pattern pattern;

    private GlobPattern(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /** @throws IllegalArgumentException if it is no pattern */
    public static GlobPattern parse(String text) {
        if (text.contains("/")) {
            throw new IllegalArgumentException("a pattern is for the name of a file, without folders");
        }
        StringBuilder regex = new StringBuilder();
        for (int at = 0; at < text.length(); at++) {
            switch (text.charAt(at)) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[' -> at = appendClass(text, at, regex);
                case '\\' -> regex.append(quote(next(text, ++at)));
                default -> regex.append(quote(text.charAt(at)));
            }
        }
        return new GlobPattern(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    /** Returns where the class ends. */
    private static int appendClass(String text, int start, StringBuilder regex) {
        int at = start + 1;
        regex.append('[');
        if (next(text, at) == '^') {
            regex.append('^');
            at++;
        }
        int first = at;
        while (at == first || next(text, at) != ']') {
            char from = member(text, at);
            at += text.charAt(at) == '\\' ? 2 : 1;
            regex.append(quote(from));
            if (next(text, at) == '-') {
                char to = member(text, at + 1);
                at += text.charAt(at + 1) == '\\' ? 3 : 2;
                if (to < from) {
                    throw new IllegalArgumentException(
                            "\"" + from + "-" + to + "\" is the wrong way round in a pattern");
                }
                regex.append('-').append(quote(to));
            }
        }
        regex.append(']');
        return at;
    }

    private static char member(String text, int at) {
        char found = next(text, at);
        if (found == '-' || found == ']') {
            throw new IllegalArgumentException("a \"" + found + "\" in brackets needs a backslash in a pattern");
        }
        return found == '\\' ? next(text, at + 1) : found;
    }

    private static char next(String text, int at) {
        if (at >= text.length()) {
            throw new IllegalArgumentException("the pattern \"" + text + "\" ends too early");
        }
        return text.charAt(at);
    }

    /** The two halves of a character beyond the first 65536 stay together: neither means anything alone. */
    private static String quote(char literal) {
        return Character.isLetterOrDigit(literal) || Character.isSurrogate(literal)
                ? String.valueOf(literal)
                : "\\" + literal;
    }

    /** Whether a name matches as a whole. */
    public boolean matches(String name) {
        return pattern.matcher(name).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}
