namespace Latchkey.Server.Serve.Settings;

/// <summary>Reads <c>signer</c> of the settings.</summary>
internal static class SignerSettingsReader
{
    private const string InProcess = "in-process", Process = "process", Software = "software", Token = "pkcs11";
    private const int LongestSocket = 100, LongestLabel = 32;

    public static SignerSettings Read(SettingsPlace? part)
    {
        if (part is null) return new SignerSettings.InSoftware();
        bool isApart = part.Parsed("kind", InProcess, text => Choice(text, InProcess, Process), "write \"in-process\", or \"process\" with a socket") == true;
        SignerSettings settings = isApart ? ReadApart(part) : ReadHere(part);
        if (part.OptionalText("pin") is not null) part.Fault("pin", "a PIN does not belong into this file: put it into a file of its own (mode 600), name that with pinFile, and change the PIN if others saw it here");
        part.RefuseOthers();
        return settings;
    }

    private static SignerSettings.Apart ReadApart(SettingsPlace part)
    {
        string socket = part.Required("socket");
        if (socket.Length > 0 && (!Path.IsPathRooted(socket) || socket.Length > LongestSocket))
            part.Fault("socket", $"write the whole path of the socket, at most {LongestSocket} characters, such as /run/latchkey-signer/signer");
        string? user = part.OptionalText("user");
        if (user is { Length: 0 }) part.Fault("user", "write the name or number of the user as whom the signer runs, such as latchkey-signer");
        return new SignerSettings.Apart(
            socket, user, TimeSpan.FromSeconds(part.Whole("timeoutSeconds", 10, 1, 300)), TimeSpan.FromMinutes(part.Whole("reconcileMinutes", 60, 1, 24 * 60)));
    }

    private static SignerSettings ReadHere(SettingsPlace part)
    {
        bool isToken = part.Parsed("custody", Software, text => Choice(text, Software, Token), "write \"software\" (development) or \"pkcs11\"") == true;
        if (!isToken) return new SignerSettings.InSoftware();
        string library = part.Required("library"), label = part.Required("token");
        if (library.Length > 0 && !Path.IsPathRooted(library)) part.Fault("library", "write the whole path of the library of the token's maker, such as /usr/lib/softhsm/libsofthsm2.so");
        if (label.Length > LongestLabel) part.Fault("token", $"the label of a token has at most {LongestLabel} characters");
        return new SignerSettings.InToken(library, label, part.OptionalText("pinFile"));
    }

    private static bool? Choice(string text, string no, string yes) => text == no ? false : text == yes ? true : null;
}
