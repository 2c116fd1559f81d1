# right: a select, and the schema filled by hand
from app.schemas import Id


@router.get("/{user_id}")
async def get_user(user_id: Id, session: Session) -> UserOut:
    """Show one user."""
    found = await session.scalars(select(User).where(User.id == user_id))
    user = found.one_or_none()
    if user is None:
        raise HTTPException(status_code=404, detail=f"user {user_id} does not exist")
    return UserOut.model_validate(user)
