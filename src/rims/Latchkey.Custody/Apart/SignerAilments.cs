using System.Globalization;
using System.Net.Sockets;

namespace Latchkey.Custody.Apart;

/// <summary>Why a signer is not reached, in words that say what to do next.</summary>
internal static class SignerAilments
{
    public static string Of(SocketException fault, string path) => fault.SocketErrorCode switch
    {
        _ when !File.Exists(path) && fault.SocketErrorCode != SocketError.AccessDenied => $"there is no socket at {path}: start the signer with 'latchkey signer run … --socket {path}'",
        SocketError.ConnectionRefused => $"nobody listens at {path} any more: start the signer again with 'latchkey signer run … --socket {path}'",
        SocketError.AccessDenied => $"{MachineUser.Describe(MachineUser.Own)} may not open {path}: give the directory's group to this user, and the directory mode 2750",
        _ => $"{path} cannot be connected to: {fault.SocketErrorCode}",
    };

    public static string OtherUser(string path, uint? found, uint expected) =>
        $"{(found is { } user ? MachineUser.Describe(user) : "somebody unknown")} listens at {path}, where {MachineUser.Describe(expected)} is expected: stop that process, or name the right user as signer.user";

    public static string TurnedAway(string path) => string.Create(
        CultureInfo.InvariantCulture, $"whoever listens at {path} hangs up: start the signer with '--client-user {MachineUser.Own}', and in the same version as this program");

    public static string Late(string path, TimeSpan timeout) => string.Create(
        CultureInfo.InvariantCulture, $"the signer at {path} did not answer within {timeout.TotalSeconds:0.#} s: look at its log");

    public static string Failing(string path) => $"the signer at {path} answers that it cannot: its log says why; the seller's books must be open beside it, and its books.key the seller's";

    public static string Broken(string path) => $"the line to the signer at {path} broke: look whether it still runs";
}
