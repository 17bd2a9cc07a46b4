package dev.runnel;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads messages out of class files.
 *
 * <p>A message is a text that code loads, or the recipe of a concatenation with {@code {}} for each value, if it has two words.
 * Which method receives it does not matter: many messages pass through several before they are thrown, logged or printed. SQL
 * is left out. A message of one word is not found; a part of a message is found by itself.
 */
final class Messages {
    private static final Pattern TWO_WORDS = Pattern.compile("\\S\\s+\\S");
    private static final Pattern LETTER = Pattern.compile("[a-zA-Z]");
    private static final Pattern SQL = Pattern.compile("(PRAGMA|SELECT|INSERT|CREATE|BEGIN) [^.]*");

    /** How the recipe of a concatenation marks a value, and a constant that follows the recipe. */
    private static final String VALUE = "\u0001";

    private static final String CONSTANT = "\u0002";

    private Messages() {}

    /** Where a message is, and what it says. */
    record Message(String owner, String text) implements Comparable<Message> {
        @Override
        public int compareTo(Message other) {
            return toString().compareTo(other.toString());
        }

        @Override
        public String toString() {
            return owner + ": " + text.replace("\n", "\\n");
        }
    }

    /** The messages of all classes below a folder, sorted, each once. */
    static SortedSet<Message> below(Path folder) throws IOException {
        SortedSet<Message> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file :
                    (Iterable<Path>) files.filter(path -> path.toString().endsWith(".class"))::iterator) {
                found.addAll(of(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    static List<Message> of(byte[] classFile) {
        ClassModel model = ClassFile.of().parse(classFile);
        String owner = model.thisClass().asInternalName().replace('/', '.');
        return model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementStream())
                .flatMap(element -> text(element).stream())
                .filter(Messages::isMessage)
                .map(text -> new Message(owner, text))
                .toList();
    }

    private static boolean isMessage(String text) {
        return TWO_WORDS.matcher(text).find()
                && LETTER.matcher(text).find()
                && !SQL.matcher(text).matches();
    }

    private static Optional<String> text(CodeElement element) {
        return switch (element) {
            case ConstantInstruction load when load.constantValue() instanceof String text -> Optional.of(text);
            case InvokeDynamicInstruction call
            when call.name().equalsString("makeConcatWithConstants") ->
                Optional.of(recipe(call.invokedynamic().bootstrap().arguments().stream()
                        .map(LoadableConstantEntry::constantValue)
                        .map(Object::toString)
                        .toList()));
            default -> Optional.empty();
        };
    }

    private static String recipe(List<String> arguments) {
        String recipe = arguments.getFirst().replace(VALUE, "{}");
        for (String constant : arguments.subList(1, arguments.size())) {
            int at = recipe.indexOf(CONSTANT);
            recipe = recipe.substring(0, at) + constant + recipe.substring(at + 1);
        }
        return recipe;
    }
}
