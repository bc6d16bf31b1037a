import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Draws what a terminal showed, read from standard input, as an SVG on standard output. A line that begins with {@code $ }
 * is drawn as typed.
 */
final class TerminalPicture {
    private static final int LINE = 19;
    private static final int CHARACTER = 8;
    private static final int MARGIN = 18;

    public static void main(String[] args) throws Exception {
        var lines = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        System.out.print(draw(lines));
    }

    private static String draw(List<String> lines) {
        int columns = lines.stream().mapToInt(String::length).max().orElse(80);
        int width = columns * CHARACTER + 2 * MARGIN;
        int height = lines.size() * LINE + 2 * MARGIN;
        var out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\">\n"
                .formatted(width, height, width, height));
        out.append("<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#14181d\"/>\n");
        out.append("<g font-family=\"ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"13.3\" xml:space=\"preserve\">\n");
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            String colour = line.startsWith("$ ") ? "#7fd1b9" : line.contains("(audit mode)") ? "#f2c14e" : "#d7dde4";
            out.append("<text x=\"%d\" y=\"%d\" fill=\"%s\" textLength=\"%d\">%s</text>\n"
                    .formatted(MARGIN, MARGIN + LINE * i + 14, colour, line.length() * CHARACTER, escape(line)));
        }
        return out.append("</g>\n</svg>\n").toString();
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
