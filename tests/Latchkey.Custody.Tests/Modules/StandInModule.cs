using System.Security.Cryptography;
using System.Text;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.SecurityModules;

namespace Latchkey.Custody.Tests.Modules;

/// <summary>What goes wrong with the next request.</summary>
internal enum ModuleFault
{
    Busy,

    /// <summary>It is done and counted, and the answer is lost.</summary>
    AnswerLost,

    /// <summary>It never came to the module.</summary>
    RequestLost,
}

/// <summary>An STS security module in software: keys come in by key-load file, tokens go out, it keeps a limit of its own and has bad days.</summary>
internal sealed class StandInModule(string moduleId, TimeProvider time) : ISecurityModule
{
    private readonly Dictionary<string, Held> _keys = new(StringComparer.Ordinal);

    public Queue<ModuleFault> Faults { get; } = new();

    public int Requests { get; private set; }

    public ModuleIdentity Identity { get; } = new(moduleId, IsDevelopment: true);

    public uint Used(string keyId) => _keys[keyId].Used;

    public Task<ModuleAnswer<IReadOnlyList<ModuleKey>>> KeysAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Run(() => ModuleAnswer.Done<IReadOnlyList<ModuleKey>>([.. _keys.Values.Select(k => k.Shown)])));

    public Task<ModuleAnswer<IReadOnlyList<ModuleKey>>> LoadKeyFileAsync(ReadOnlyMemory<byte> keyLoadFile, CancellationToken cancellationToken) =>
        Task.FromResult(Run(() => Load(keyLoadFile.Span)));

    public Task<ModuleAnswer<TokenNumber>> MakeCreditTokenAsync(ModuleCreditRequest request, CancellationToken cancellationToken) => Task.FromResult(Run(() =>
    {
        if (Find(request.Meter, out Held? key) is not ModuleResult.Done and var why) return ModuleAnswer.No<TokenNumber>(why);
        if (request.Meter.KeyExpiry.IsExpiredAt(request.Token.Tid)) return ModuleAnswer.No<TokenNumber>(ModuleResult.KeyExpired);
        if ((uint)request.Token.Amount.Steps > key!.Limit - key.Used) return ModuleAnswer.No<TokenNumber>(ModuleResult.CreditLimitReached);
        key.Used += (uint)request.Token.Amount.Steps;
        return ModuleAnswer.Done(Seal(key, request.Meter, TokenClass.CreditTransfer, CreditTokenCodec.Encode(request.Token)));
    }));

    public Task<ModuleAnswer<TokenNumber>> MakeManagementTokenAsync(ModuleManagementRequest request, CancellationToken cancellationToken) => Task.FromResult(Run(() =>
        Find(request.Meter, out Held? key) is not ModuleResult.Done and var why
            ? ModuleAnswer.No<TokenNumber>(why)
            : ModuleAnswer.Done(Seal(key!, request.Meter, TokenClass.MeterSpecificManagement, ManagementTokenCodec.Encode(request.Token)))));

    public Task<ModuleAnswer<IReadOnlyList<TokenNumber>>> MakeKeyChangeTokensAsync(ModuleKeyChangeRequest request, CancellationToken cancellationToken) => Task.FromResult(Run(() =>
    {
        if (Find(request.From, out Held? from) is not ModuleResult.Done and var old) return ModuleAnswer.No<IReadOnlyList<TokenNumber>>(old);
        if (Find(request.To, out Held? to) is not ModuleResult.Done and var fresh) return ModuleAnswer.No<IReadOnlyList<TokenNumber>>(fresh);
        using DecoderKey next = DecoderKeyGeneration.Derive(to!.Key, request.To);
        KeyChangeSection[] sections = KeyChangeSet.Divide(next, request.To, request.Form, request.From.BaseDate != request.To.BaseDate);
        return ModuleAnswer.Done<IReadOnlyList<TokenNumber>>([.. sections.Select(s => Seal(from!, request.From, TokenClass.MeterSpecificManagement, s.Encode()))]);
    }));

    /// <summary>What the Key Management Centre would send: one key, encrypted for one module.</summary>
    public static byte[] KeyFile(string moduleId, byte[] key, SigningKeyTerms terms, uint limit)
    {
        byte[] text = Encoding.ASCII.GetBytes(
            $"{terms.SupplyGroup} {terms.KeyRevision.Value} {(int)terms.KeyType} {terms.BaseDate.Year} {terms.ActiveFrom.ToUnixTimeSeconds()} {terms.IssueUntil?.ToUnixTimeSeconds()} {limit} {Convert.ToHexString(key)}");
        byte[] file = new byte[16 + text.Length];
        using var aes = new AesGcm(SHA256.HashData(Encoding.ASCII.GetBytes("transport " + moduleId)), 16);
        aes.Encrypt(new byte[12], text, file.AsSpan(16), file.AsSpan(0, 16));
        return file;
    }

    private ModuleAnswer<IReadOnlyList<ModuleKey>> Load(ReadOnlySpan<byte> file)
    {
        if (file.Length < 16) return ModuleAnswer.No<IReadOnlyList<ModuleKey>>(ModuleResult.KeyFileRefused);
        byte[] text = new byte[file.Length - 16];
        try
        {
            using var aes = new AesGcm(SHA256.HashData(Encoding.ASCII.GetBytes("transport " + Identity.ModuleId)), 16);
            aes.Decrypt(new byte[12], file[16..], file[..16], text);
        }
        catch (AuthenticationTagMismatchException)
        {
            return ModuleAnswer.No<IReadOnlyList<ModuleKey>>(ModuleResult.KeyFileRefused);
        }

        string[] f = Encoding.ASCII.GetString(text).Split(' ');
        Assert.True(BaseDate.TryFromYear(int.Parse(f[3]), out BaseDate baseDate));
        var terms = new SigningKeyTerms(
            SupplyGroupCode.Parse(f[0]), KeyRevisionNumber.FromValue(int.Parse(f[1])), (KeyType)int.Parse(f[2]), baseDate,
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(f[4])), f[5].Length == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(long.Parse(f[5])));
        Assert.True(VendingKey.TryCreate(Convert.FromHexString(f[7]), out VendingKey? key));
        var held = new Held(key, terms, uint.Parse(f[6]));
        _keys[terms.KeyId] = held;
        return ModuleAnswer.Done<IReadOnlyList<ModuleKey>>([held.Shown]);
    }

    private ModuleAnswer<T> Run<T>(Func<ModuleAnswer<T>> work)
    {
        Requests++;
        if (!Faults.TryDequeue(out ModuleFault fault)) return work();
        if (fault == ModuleFault.Busy) return ModuleAnswer.No<T>(ModuleResult.Busy);
        if (fault == ModuleFault.AnswerLost) work();
        return ModuleAnswer.No<T>(ModuleResult.NoAnswer);
    }

    private ModuleResult Find(in DecoderKeyAttributes meter, out Held? key)
    {
        if (!_keys.TryGetValue(SigningKeyTerms.KeyIdOf(meter), out key)) return ModuleResult.KeyNotLoaded;
        if (time.GetUtcNow() < key.Terms.ActiveFrom) return ModuleResult.KeyNotActive;
        return time.GetUtcNow() >= key.Terms.IssueUntil ? ModuleResult.IssueUntilPassed : ModuleResult.Done;
    }

    private static TokenNumber Seal(Held held, in DecoderKeyAttributes meter, TokenClass tokenClass, ulong block)
    {
        using DecoderKey key = DecoderKeyGeneration.Derive(held.Key, meter);
        using TokenCipher cipher = TokenCipher.Create(meter.Algorithm, key);
        return cipher.Seal(tokenClass, block);
    }

    private sealed class Held(VendingKey key, SigningKeyTerms terms, uint limit)
    {
        public VendingKey Key => key;

        public SigningKeyTerms Terms => terms;

        public uint Limit => limit;

        public uint Used { get; set; }

        public ModuleKey Shown => new(terms, key.CheckValue, limit, Used);
    }
}
