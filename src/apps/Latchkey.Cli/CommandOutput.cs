using System.Text.Encodings.Web;
using System.Text.Json;

namespace Latchkey.Cli;

/// <summary>How every command writes its one JSON document and its one line of failure.</summary>
public static class CommandOutput
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>Trying again as it is will not help: settings, keys or a PIN are wrong. Source: sysexits.h, EX_CONFIG, which service managers can be told of.</summary>
    public const int NotConfigured = 78;

    /// <summary>Names in camel case, Chinese as itself: the document is read by people too.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void WriteJson<T>(T document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Json));

    /// <summary>Writes one clear line to standard error and returns the exit code of a failure.</summary>
    public static int Fail(string message, int exit = Failure)
    {
        Console.Error.WriteLine("latchkey: " + message);
        return exit;
    }
}
