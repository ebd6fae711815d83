using System.Text;
using System.Text.Json;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Verification;

internal static class AcseVectors
{
    public static void Request(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        check.Require(AssociationRequest.TryRead(apdu, out AssociationRequest read), "AARQ refused");
        RequireSameAgain(check, apdu, read);
        check.Require(InitiateRequest.TryRead(read.UserInformation, out _), "InitiateRequest refused");
        if (check.Vector.GetProperty("meaning").TryGetProperty("password", out JsonElement password))
            check.Equal("password", password.GetString(), Encoding.ASCII.GetString(read.Authentication));
    }

    public static void CipheredRequest(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        JsonElement meaning = check.Vector.GetProperty("meaning");
        if (!AssociationRequest.TryRead(apdu, out AssociationRequest read) || !ProtectedApdu.TryRead(read.UserInformation, out ProtectedApdu ciphered))
        {
            check.Require(holds: false, "AARQ or its ciphered InitiateRequest refused");
            return;
        }

        RequireSameAgain(check, apdu, read);
        check.Equal("challenge", Convert.FromHexString(meaning.GetProperty("challenge_ctos").GetString()!), read.Authentication);
        check.Equal("invocation counter", meaning.GetProperty("ic").GetInt64(), ciphered.Counter);
        using CipherKey key = SecurityVectors.Key(meaning.GetProperty("keys"), ciphered.Control.Suite);
        byte[] plain = new byte[apdu.Length];
        check.Require(SystemTitle.TryRead(read.CallingSystemTitle, out SystemTitle client), "no client title");
        check.Require(key.TryUnprotect(ciphered.Secured, client, default, plain, out int size), "tag mismatch");
        check.Require(InitiateRequest.TryRead(plain.AsSpan(0, size), out _), "InitiateRequest refused");
    }

    public static void Response(VectorCheck check)
    {
        byte[] apdu = check.Hex("apdu");
        check.Require(AssociationResponse.TryRead(apdu, out AssociationResponse read), "AARE refused");
        JsonElement meaning = check.Vector.GetProperty("meaning");
        check.Equal("result", meaning.GetProperty("result").GetString(), read.Result == AssociationResult.Accepted ? "accepted" : "rejected");
        check.Equal("diagnostic", meaning.GetProperty("diagnostic").GetInt64(), (long)read.Diagnostic);
        byte[] again = new byte[apdu.Length];
        check.Equal("encoded again", apdu, again.AsSpan(0, read.Write(again)));

        // An InitiateResponse, plain or ciphered, or where it was refused the reason; it may be absent then.
        bool known = read.UserInformation.IsEmpty
            ? read.Result != AssociationResult.Accepted
            : ApduTree.Decode(read.UserInformation, PeerTolerance.None, new byte[apdu.Length + 16], out _) is not null;
        check.Require(known, "user information refused");
    }

    private static void RequireSameAgain(VectorCheck check, byte[] apdu, AssociationRequest read)
    {
        byte[] again = new byte[apdu.Length];
        check.Equal("encoded again", apdu, again.AsSpan(0, read.Write(again)));
    }
}
